using System.Net.Sockets;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>
/// Keeps wallet calls going to a dash-wallet that listens: tries the addresses in order of preference, for ever; when the one it
/// has goes, the next one that is there has the calls. Between two, callers are told that the wallet process is away.
/// </summary>
/// <param name="addresses">Where wallet processes listen, the preferred one first.</param>
/// <param name="table">Where their methods are served.</param>
/// <param name="options">What a connection may cost, where it logs, who we are.</param>
/// <param name="log">General lines.</param>
internal sealed class WalletConnector(IReadOnlyList<IpcAddress> addresses, RpcTable table, IpcOptions options, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    // Of the wallet process that is there, or was last: its methods stay, with their error, until there are others.
    private IDisposable? _attachment;
    private RpcProxy? _proxy;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        HandshakePatience patience = new(options);
        var delay = FirstDelay;
        var isNamed = false;
        try
        {
            while (true)
            {
                if (await AttachFirstAsync(patience, isNamed, ct))
                {
                    delay = FirstDelay;
                    isNamed = false;
                    continue;
                }

                isNamed = true; // once is enough, until it is news again
                await Task.Delay(delay, options.Time, ct);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
        finally
        {
            await DetachAsync();
        }
    }

    // True when a wallet process was there, and is gone again.
    private async Task<bool> AttachFirstAsync(HandshakePatience patience, bool isNamed, CancellationToken ct)
    {
        foreach (var address in addresses)
        {
            try
            {
                await ServeAsync(address, patience, ct);
                return true;
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or IpcException)
            {
                if (!isNamed)
                {
                    Log.NoWallet(log, address, e.Message);
                }
            }
        }

        return false;
    }

    // Returns when the process is gone; throws if it was none.
    private async Task ServeAsync(IpcAddress address, HandshakePatience patience, CancellationToken ct)
    {
        await using var session = await patience.TryAsync(patient => IpcConnector.ConnectAsync<IWalletInit>(
            address, static (target, connection) => new WalletInitClient(target, connection), patient, ct));
        var commands = await session.Init.CommandsAsync(ct);
        RpcProxy proxy = new(commands, await session.Init.MakeRpcAsync(ct), "The wallet process is gone; waiting for one");
        await DetachAsync();
        _proxy = proxy;
        _attachment = table.Attach(proxy);
        Log.WalletAttached(log, address, commands.Count);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (session.Disconnected.Register(() => ended.TrySetResult()))
        {
            await ended.Task.WaitAsync(ct);
        }

        Log.WalletGone(log, address);
    }

    private async Task DetachAsync()
    {
        _attachment?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }
}
