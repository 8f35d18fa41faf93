using Dash.Node.Chain;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Net.Handling;

/// <summary>
/// One subject of the protocol: what it does with its messages, and what it has to say by itself. All members are called
/// by the message loop, one after the other, so what a family keeps needs no lock.
/// </summary>
internal abstract class MessageFamily
{
    /// <summary>The messages that are its.</summary>
    public abstract IReadOnlyList<string> Types { get; }

    /// <summary>Handles one of its messages.</summary>
    /// <exception cref="Primitives.Encoding.EncodingException">The message ends early or is malformed: it is logged and ignored.</exception>
    public abstract ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct);

    /// <summary>A peer is there; the handshake has not begun.</summary>
    public virtual void Arrived(Peer peer)
    {
    }

    /// <summary>A peer is gone.</summary>
    public virtual void Left(Peer peer)
    {
    }

    /// <summary>
    /// Goes on with what a message of the peer left to do, before its next message.
    /// </summary>
    /// <returns>Whether there is still more, so that its messages wait: until it reads, if it does not.</returns>
    public virtual ValueTask<bool> ContinueAsync(Peer peer, CancellationToken ct) => ValueTask.FromResult(false);

    /// <summary>Something happened to the chain or the mempool; called before the ticks. Some news may be left out when many come at once.</summary>
    public virtual ValueTask ChainChangedAsync(ChainEvent news, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>More happened to the chain at once than is told one by one.</summary>
    public virtual void ChainChangedALot()
    {
    }

    /// <summary>Says what is due to a peer whose handshake is done; called at least ten times a second.</summary>
    public virtual ValueTask TickAsync(Peer peer, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Does what concerns no single peer; called before the peers' ticks.</summary>
    public virtual ValueTask TickAsync(CancellationToken ct) => ValueTask.CompletedTask;
}
