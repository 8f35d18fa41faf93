using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Evo;

namespace Dash.Node.Quorums;

/// <summary>What drawing the members of quorums needs to know about earlier blocks.</summary>
internal interface IQuorumFacts
{
    /// <summary>The masternodes after a block.</summary>
    public MasternodeList ListAt(BlockNode node);

    /// <summary>The payload of a block's coinbase; null before DIP3.</summary>
    public CbTx? CoinbasePayloadOf(BlockNode node);

    /// <summary>How a cycle of a kind was drawn; null if that is not known.</summary>
    public QuorumSnapshot? FindSnapshot(byte llmqType, BlockNode cycle);

    /// <summary>Keeps how a cycle was drawn.</summary>
    public void Keep(byte llmqType, BlockNode cycle, QuorumSnapshot snapshot);
}
