using Dash.Ipc.Interfaces;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.NodeLink;

/// <summary>Something a node told, by its number.</summary>
/// <param name="Sequence">Numbers rise; they mean something within one session.</param>
internal abstract record ChainEvent(ulong Sequence)
{
    /// <summary>When it was told, seconds since 1970: what it brings was received then, however late somebody looks at it.</summary>
    public long ArrivedAt { get; init; }

    /// <summary>Roughly what it takes in memory, bytes.</summary>
    public virtual int Size => 100;

    /// <summary>A new tip.</summary>
    public sealed record Connected(ulong Sequence, FeedBlock Block) : ChainEvent(Sequence)
    {
        /// <inheritdoc/>
        public override int Size => 100 + Block.Data.Length;
    }

    /// <summary>The tip left the active chain.</summary>
    public sealed record Disconnected(ulong Sequence, FeedBlock Block) : ChainEvent(Sequence)
    {
        /// <inheritdoc/>
        public override int Size => 100 + Block.Data.Length;
    }

    /// <summary>A transaction entered the mempool.</summary>
    public sealed record Added(ulong Sequence, ReadOnlyMemory<byte> Tx) : ChainEvent(Sequence)
    {
        /// <inheritdoc/>
        public override int Size => 100 + Tx.Length;
    }

    /// <summary>A transaction left the mempool.</summary>
    public sealed record Removed(ulong Sequence, Txid Txid, string Reason) : ChainEvent(Sequence)
    {
        /// <inheritdoc/>
        public override int Size => 100 + (2 * Reason.Length);
    }

    /// <summary>InstantSend has locked a transaction.</summary>
    public sealed record TransactionLocked(ulong Sequence, Txid Txid) : ChainEvent(Sequence);

    /// <summary>A block has a ChainLock.</summary>
    public sealed record ChainLocked(ulong Sequence, BlockRef Block) : ChainEvent(Sequence);

    /// <summary>Events up to this number are lost.</summary>
    public sealed record Behind(ulong Sequence) : ChainEvent(Sequence);
}
