using Dash.Node.Consensus;

namespace Dash.Node.Net.Peers;

/// <summary>A block that a peer is asked for.</summary>
/// <param name="peer">The peer.</param>
/// <param name="block">The block.</param>
internal sealed class BlockRequest(Peer peer, BlockNode block)
{
    /// <summary>The peer.</summary>
    public Peer Peer => peer;

    /// <summary>The block.</summary>
    public BlockNode Block => block;

    /// <summary>What a compact block left to be filled in; null if none came.</summary>
    public PartialBlock? Partial { get; set; }
}
