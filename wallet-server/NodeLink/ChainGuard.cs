using System.Globalization;
using Dash.Ipc.Interfaces;
using Dash.Common.Concurrency;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>Looks at what a node says before a wallet believes it: each block must be work, and follow the one before. Pure.</summary>
internal static class ChainGuard
{
    /// <summary>The block as the ledger takes it.</summary>
    /// <param name="block">As the node sent it.</param>
    /// <param name="chain">The network.</param>
    /// <exception cref="FeedException">It is not the block it is said to be.</exception>
    public static BlockFacts Check(FeedBlock block, ChainParams chain)
    {
        if (block.Data.Length <= BlockHeader.Size)
        {
            throw Absurd(block, "has no content");
        }

        var header = BlockHeader.Parse(block.Data.Span[..BlockHeader.Size]);
        if (header.Hash != block.Ref.Hash)
        {
            throw Absurd(block, $"has the hash {header.Hash}");
        }

        if (header.Previous != block.Previous || block.Ref.Height < 0)
        {
            throw Absurd(block, $"follows {header.Previous}, not {block.Previous}");
        }

        if (!CompactTarget.CheckProofOfWork(header.Hash, header.Bits, chain.PowLimit))
        {
            throw Absurd(block, "has no proof of work");
        }

        return new BlockFacts(block.Ref.Hash, block.Ref.Height, block.Previous, header.Time, block.MedianTime, block.Data);
    }

    /// <summary>Blocks that must follow each other, the first one on <paramref name="after"/>.</summary>
    /// <exception cref="FeedException">They do not.</exception>
    public static IReadOnlyList<BlockFacts> CheckChain(IReadOnlyList<FeedBlock> blocks, BlockPoint after, ChainParams chain)
    {
        var facts = new BlockFacts[blocks.Count];
        for (var i = 0; i < facts.Length; i++)
        {
            var block = blocks[i];
            if (block.Previous != after.Hash || block.Ref.Height != after.Height + 1)
            {
                throw Absurd(block, string.Create(CultureInfo.InvariantCulture, $"does not follow {after.Hash} at height {after.Height}"));
            }

            facts[i] = Check(block, chain);
            after = facts[i].Point;
        }

        return facts;
    }

    /// <summary>
    /// What the block holds is what its header says. Asked where something of a wallet was found in it: hashing all that is in every block
    /// would take longer than looking through them.
    /// </summary>
    /// <exception cref="FeedException">It is not.</exception>
    public static void CheckContent(BlockFacts block)
    {
        if (block.Searched is not null)
        {
            return; // left out
        }

        List<Uint256> txids = [];
        foreach (var tx in new BlockScanner(block.Data.Span))
        {
            ThreadTurns.Rest();
            txids.Add(tx.ComputeTxid().Value);
        }

        if (MerkleTree.Root(txids, out var isMutated) != BlockHeader.Parse(block.Data.Span[..BlockHeader.Size]).MerkleRoot || isMutated)
        {
            throw Absurd(block.Hash, block.Height, "holds other transactions than its header says");
        }
    }

    /// <summary>Looks through a block.</summary>
    /// <exception cref="FeedException">What it holds cannot be read.</exception>
    public static T Scan<T>(BlockFacts block, Func<ReadOnlyMemory<byte>, T> search)
    {
        try
        {
            return search(block.Data);
        }
        catch (EncodingException)
        {
            throw Absurd(block.Hash, block.Height, "cannot be read");
        }
    }

    private static FeedException Absurd(FeedBlock block, string what) => Absurd(block.Ref.Hash, block.Ref.Height, what);

    private static FeedException Absurd(BlockHash hash, int height, string what) => new(string.Create(
        CultureInfo.InvariantCulture, $"the node's block {hash} at height {height} {what}"));
}
