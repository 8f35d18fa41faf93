using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>The client's end and the server's; disposing ends both.</summary>
internal sealed class ProcessPair<T>(IpcSession<T> session, ProxyConnection server) : IAsyncDisposable
    where T : class
{
    public T Remote => session.Init;

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }
}
