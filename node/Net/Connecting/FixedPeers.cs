using Dash.Common.Logging;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Connecting;

/// <summary>Stays connected to the nodes of <c>-connect</c> and to no others.</summary>
internal sealed class FixedPeers(IReadOnlyList<string> names, PeerOpener opener, bool useV2, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);

    /// <summary>Connects to those that are not, again and again, the more patiently the longer it goes on.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Log.ThreadStarted(_log, "opencon");
        for (var round = 0; !ct.IsCancellationRequested; round++)
        {
            foreach (var name in names)
            {
                await opener.OpenAsync(new DialTarget(name, NetEndpoint.None), ConnectionType.Manual, useV2, ct).ConfigureAwait(false);
                await Task.Delay(Step * Math.Min(round, 10), time, ct).ConfigureAwait(false);
            }

            await Task.Delay(Step, time, ct).ConfigureAwait(false);
        }
    }
}
