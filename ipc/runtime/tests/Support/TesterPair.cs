using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Support;

/// <summary>Two connected ends in one process: a server with a <see cref="Tester"/> and a client of it.</summary>
internal sealed class TesterPair : IAsyncDisposable
{
    private TesterPair(ProxyConnection server, ProxyConnection client, Tester tester)
    {
        Server = server;
        Client = client;
        Tester = tester;
    }

    internal ProxyConnection Server { get; }

    internal ProxyConnection Client { get; }

    internal Tester Tester { get; }

    internal TesterClient Remote { get; private set; } = null!; // set before anybody sees it

    internal LogLines ServerLog { get; private init; } = new();

    internal LogLines ClientLog { get; private init; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static async Task<TesterPair> CreateAsync(
        bool debugLog = false, Func<IpcOptions, IpcOptions>? options = null, (Transport Server, Transport Client)? transports = null)
    {
        var (one, two) = transports ?? MemoryTransport.CreatePair();
        var tester = new Tester();
        var serverLog = new LogLines { IsDebug = debugLog };
        var clientLog = new LogLines { IsDebug = debugLog };
        options ??= same => same;
        var server = ProxyConnection.Open(
            one, connection => new TesterServer(tester, connection), options(new IpcOptions { Logger = serverLog, ProcessName = "server" }));
        var client = ProxyConnection.Open(two, null, options(new IpcOptions { Logger = clientLog, ProcessName = "client" }));
        var pair = new TesterPair(server, client, tester) { ServerLog = serverLog, ClientLog = clientLog };
        pair.Remote = await client.BootstrapAsync(static (cap, connection) => new TesterClient(cap, connection), Ct);
        return pair;
    }

    /// <summary>Waits until neither side has calls open or holds anything but what a session keeps: the lanes.</summary>
    internal async Task SettlesAsync(int serverExports, int clientExports)
    {
        await Eventually.Holds("tables settle", () =>
        {
            var (server, client) = (Server.Protocol.Sizes, Client.Protocol.Sizes);
            return (server.Questions, server.Answers, client.Questions, client.Answers) == (0, 0, 0, 0)
                && server.Exports == serverExports && client.Imports == serverExports
                && client.Exports == clientExports && server.Imports == clientExports
                ? null
                : $"server {server}, client {client}";
        });
    }

    public async ValueTask DisposeAsync()
    {
        Remote.LetGo();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
