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
        await using var connection = ProxyConnection.Open(
            InheritedSocketTransport.Open(descriptor), own => new TesterServer(new Tester(), own), new IpcOptions());
        await connection.Completion;
        return args.Contains("-fail") ? 7 : 0;
    }
}
