using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces.Tests.Schemas;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>Two processes in one: a client of an object at the other end of a stream.</summary>
internal static class ProcessPair
{
    public static Task<ProcessPair<INodeInit>> StartNodeAsync(INodeInit node, CancellationToken ct) => StartAsync<INodeInit>(
        home => new NodeInitServer(node, home), static (target, home) => new NodeInitClient(target, home), ct);

    public static Task<ProcessPair<IGuide>> StartGuideAsync(IGuide guide, CancellationToken ct) => StartAsync<IGuide>(
        home => new GuideServer(guide, home), static (target, home) => new GuideClient(target, home), ct);

    private static async Task<ProcessPair<T>> StartAsync<T>(
        Func<ProxyConnection, ProxyServer> serve, Func<Capability, ProxyConnection, T> makeClient, CancellationToken ct)
        where T : class
    {
        var (here, there) = MemoryTransport.CreatePair();
        var options = new IpcOptions { ProcessName = "test" };
        var server = ProxyConnection.Open(there, serve, options);
        return new ProcessPair<T>(await IpcConnector.OverAsync(here, null, makeClient, options, ct), server);
    }
}
