using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>
/// Keeps wallet calls going to a dash-wallet that listens: the first of several addresses that answers. When that one goes, the
/// next one that is there has the calls. Between two, callers are told that the wallet process is away.
/// </summary>
internal sealed class WalletConnector
{
    private readonly RpcTable _table;
    private readonly ILogger _log;
    private readonly AddressRace<WalletLink> _race;
    private readonly Dictionary<IpcAddress, HandshakePatience> _patience;

    // Once is enough, until it is news again.
    private readonly HashSet<IpcAddress> _missed = [];

    /// <summary>A connector that does nothing until it runs.</summary>
    /// <param name="addresses">Where wallet processes listen, the preferred one first.</param>
    /// <param name="table">Where their methods are served.</param>
    /// <param name="options">What a connection may cost, where it logs, who we are.</param>
    /// <param name="log">General lines.</param>
    public WalletConnector(IReadOnlyList<IpcAddress> addresses, RpcTable table, IpcOptions options, ILogger log)
    {
        _table = table;
        _log = log;
        _patience = addresses.Distinct().ToDictionary(static address => address, _ => new HandshakePatience(options));
        _race = new AddressRace<WalletLink>(addresses, OpenAsync, options.Time) { Refused = Complain };
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using WalletPlace place = new(_table, "The wallet process is gone; waiting for one");
        while (true)
        {
            _missed.Clear();
            await ServeAsync(place, await _race.RunAsync(ct), ct);
        }
    }

    private async Task<WalletLink> OpenAsync(IpcAddress address, CancellationToken ct)
    {
        var session = await _patience[address].TryAsync(patient => IpcConnector.ConnectAsync<IWalletInit>(
            address, static (target, connection) => new WalletInitClient(target, connection), patient, ct));
        try
        {
            return new(address, session, await session.Init.CommandsAsync(ct), await session.Init.MakeRpcAsync(ct));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private void Complain(IpcAddress address, Exception refusal)
    {
        if (_missed.Add(address))
        {
            Log.NoWallet(_log, address, refusal.Message);
        }
    }

    // Returns when the process is gone.
    private async Task ServeAsync(WalletPlace place, WalletLink link, CancellationToken ct)
    {
        await using var served = link;
        var proxy = await place.TakeAsync(link.Commands, link.Rpc);
        Log.WalletAttached(_log, link.Address, link.Commands.Count);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (link.Session.Disconnected.Register(() => ended.TrySetResult()))
        {
            await ended.Task.WaitAsync(ct);
        }

        proxy.Leave();
        Log.WalletGone(_log, link.Address);
    }

    /// <summary>A wallet process that answered.</summary>
    private sealed record WalletLink(
        IpcAddress Address, IpcSession<IWalletInit> Session, IReadOnlyList<Command> Commands, IRpc Rpc) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Session.DisposeAsync();
    }
}
