using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests;

/// <summary>
/// The tests; or, with <c>-ipcfd</c>, the child process that some of them start; or one end of a measurement of speed.
/// </summary>
internal static class Program
{
    private const string Descriptor = "-ipcfd=";

    private static async Task<int> Main(string[] args)
    {
        if (args is ["-ipcfd", var number])
        {
            return await ServeAsync(["-peer"], number); // as libmultiprocess starts its children
        }

        if (args.FirstOrDefault(arg => arg.StartsWith(Descriptor, StringComparison.Ordinal)) is { } argument)
        {
            return await ServeAsync(args, argument[Descriptor.Length..]);
        }

        if (Interop.Bench.Knows(args))
        {
            return await Interop.Bench.RunAsync(args);
        }

        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }

    // A child as the real ones are: it offers an object, asks for the parent's, and ends when the parent is gone.
    private static async Task<int> ServeAsync(string[] args, string descriptor)
    {
        if (args.Contains("-parent"))
        {
            return await StartAnotherAsync(descriptor);
        }

        await using var connection = ProxyConnection.Open(
            InheritedSocketTransport.Open(descriptor),
            own => args.Contains("-peer") ? new Interop.PeerServer(new Interop.InteropPeer(own), own) : new TesterServer(new Tester(), own),
            new IpcOptions());
        await connection.Completion;
        return args.Contains("-fail") ? 7 : 0;
    }

    // A parent in the middle: says its child's number, and is to be killed.
    private static async Task<int> StartAnotherAsync(string descriptor)
    {
        await using var up = InheritedSocketTransport.Open(descriptor);
        await using var child = ChildProcess.Start(Environment.ProcessPath ?? "", [], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using var session = await IpcConnector.OverAsync<ITester>(
            child.Transport, null, static (cap, connection) => new TesterClient(cap, connection), Patient.Options, CancellationToken.None);
        await session.Init.QuickAsync(CancellationToken.None);
        await up.Output.WriteAsync(BitConverter.GetBytes(child.ProcessId));
        await child.Exited;
        return 0;
    }
}
