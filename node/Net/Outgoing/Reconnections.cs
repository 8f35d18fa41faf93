using System.Threading.Channels;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;

namespace Dash.Node.Net.Outgoing;

/// <summary>Calls peers again, in the clear, that hung up on an encrypted connection without a word.</summary>
internal sealed class Reconnections(PeerOpener opener)
{
    private readonly Channel<(DialTarget Target, ConnectionType Type)> _waiting =
        Channel.CreateUnbounded<(DialTarget, ConnectionType)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Notes a peer to call again. Any thread.</summary>
    public void Add(Peer peer)
    {
        var isNamed = !string.Equals(peer.Name, peer.Address.ToString(), StringComparison.Ordinal) || peer.Type == ConnectionType.Manual;
        _waiting.Writer.TryWrite((new DialTarget(isNamed ? peer.Name : null, peer.Address), peer.Type));
    }

    /// <summary>Calls them until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var (target, type) in _waiting.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            await opener.OpenAsync(target, type, useV2: false, ct).ConfigureAwait(false);
        }
    }
}
