using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// What earlier blocks said in their special transactions, as far as later ones are checked against it. Remembered as
/// blocks are connected; those of older ones are read from them when asked. Belongs to the validation loop.
/// </summary>
internal sealed class PayloadHistory(BlockArchive archive, ChainParams network)
{
    private const int MaxRemembered = 2_000;

    private readonly Dictionary<BlockNode, Facts> _facts = [];

    /// <summary>The DIP4 payload of a block's coinbase; null before DIP3.</summary>
    public CbTx? CoinbasePayloadOf(BlockNode node) =>
        node.Height < network.Heights.Dip0003 ? null : FactsOf(node).CoinbasePayload;

    /// <summary>Remembers a block that is at hand, so that it need not be read.</summary>
    public void Remember(BlockNode node, Block block) => Add(node, FactsOf(block));

    /// <summary>Whether a real commitment for a quorum is in a block up to <paramref name="tip"/>.</summary>
    public bool IsCommitmentMined(BlockNode tip, LlmqParams llmq, BlockNode quorum)
    {
        // It can only be in the mining window of the quorum's own cycle.
        var start = quorum.Height - (quorum.Height % llmq.DkgInterval);
        for (var height = start + llmq.MiningWindowStart; height <= start + llmq.MiningWindowEnd; height++)
        {
            if (tip.Ancestor(height) is { } node && FactsOf(node).Commitments?.Contains((llmq.Type, quorum.Hash)) == true)
            {
                return true;
            }
        }

        return false;
    }

    private Facts FactsOf(BlockNode node)
    {
        if (_facts.TryGetValue(node, out var facts))
        {
            return facts;
        }

        facts = FactsOf(archive.ReadBlock(node));
        Add(node, facts);
        return facts;
    }

    private void Add(BlockNode node, Facts facts)
    {
        if (_facts.Count >= MaxRemembered)
        {
            _facts.Clear();
        }

        _facts[node] = facts;
    }

    private static Facts FactsOf(Block block)
    {
        var coinbase = block.Transactions[0];
        var payload = coinbase.Type == TransactionType.CoinbaseSpecial
            && CbTx.TryParse(coinbase.ExtraPayload.Span, out var parsed) ? parsed : null;

        HashSet<(byte, BlockHash)>? commitments = null;
        foreach (var transaction in block.Transactions)
        {
            if (transaction.Type == TransactionType.QuorumCommitment
                && FinalCommitment.TryParseReal(transaction.ExtraPayload.Span, out var commitment))
            {
                commitments ??= [];
                commitments.Add((commitment.LlmqType, commitment.QuorumHash));
            }
        }

        return new Facts(payload, commitments);
    }

    private sealed record Facts(CbTx? CoinbasePayload, HashSet<(byte Type, BlockHash Quorum)>? Commitments);
}
