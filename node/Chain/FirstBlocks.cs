using Dash.Node.Storage;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>The blocks that nobody sends: a network's first one, and the second of a devnet. Belongs to the validation loop.</summary>
internal sealed class FirstBlocks(ChainParams network, BlockIndex index, BlockArchive archive)
{
    /// <summary>Sees to it that they are known.</summary>
    /// <param name="isReindexing">The index is built anew: the first is known, and both are found in the files later.</param>
    /// <returns>Whether the index changed.</returns>
    /// <exception cref="StorageException">What is stored is another network's.</exception>
    public bool Load(bool isReindexing)
    {
        if (index.Find(network.Genesis.Header.Hash) is not null)
        {
            if (!isReindexing && network.DevnetGenesis is { } second && index.Find(second.Hash) is null)
            {
                throw new StorageException("Incorrect or no devnet genesis block found. Wrong datadir for devnet specified?");
            }

            return false;
        }

        if (index.Count > 0)
        {
            throw new StorageException("Incorrect or no genesis block found. Wrong datadir for network?");
        }

        var genesis = index.Add(network.Genesis.Header, network.Genesis.Header.Hash);
        if (!isReindexing)
        {
            archive.WriteBlock(genesis, network.Genesis.ToBytes());
        }

        index.ReceiveTransactions(genesis, 1, tip: null);
        if (!isReindexing)
        {
            AddSecond();
        }

        return true;
    }

    /// <summary>The files have been read: what was not in them is stored now.</summary>
    public void Complete()
    {
        if (index.Find(network.Genesis.Header.Hash) is { HasData: false } genesis)
        {
            archive.WriteBlock(genesis, network.Genesis.ToBytes());
            index.MarkChanged(genesis);
        }

        AddSecond();
    }

    // It is connected as any other.
    private void AddSecond()
    {
        if (network.DevnetGenesis is { } block && index.Find(block.Hash) is not { HasData: true })
        {
            var node = index.Find(block.Hash) ?? index.Add(block.Header, block.Hash);
            archive.WriteBlock(node, block.ToBytes());
            index.ReceiveTransactions(node, block.Transactions.Count, tip: null);
        }
    }
}
