using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Outgoing;

/// <summary>Waits for peers that connect through I2P, and tells others of the address as long as there is one.</summary>
internal sealed class I2pListener(SamSession session, PeerAdmission admission, LocalAddresses local, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);

    /// <summary>Waits until cancelled; after failures the more patiently the more there were.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_log, "i2paccept");
        var wait = ShortestWait;
        NetEndpoint? told = null;
        while (!ct.IsCancellationRequested)
        {
            var listening = await session.ListenAsync(ct).ConfigureAwait(false);
            if (listening is null && told is { } lost)
            {
                local.Remove(lost.Address);
                told = null;
            }
            else if (listening is { } ready && told is null)
            {
                told = ready.Local;
                local.Add(ready.Local, LocalScore.Manual);
            }

            if (listening is { } open && await session.AcceptAsync(open.Line, ct).ConfigureAwait(false) is { } accepted)
            {
                await admission.AcceptAsync(accepted.Stream, accepted.Peer, open.Local, PeerPermissions.None, isOnion: false).ConfigureAwait(false);
                wait = ShortestWait;
                continue;
            }

            await Task.Delay(wait, time, ct).ConfigureAwait(false);
            wait = wait < LongestWait ? wait + ShortestWait : wait;
        }
    }
}
