using Dash.Node.Consensus;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Blocks;

/// <summary>Filters of blocks (BIP158) and the headers that chain them. Any thread.</summary>
internal interface IBlockFilters
{
    /// <summary>The filter of a block, or null if there is none.</summary>
    public BlockFilter? Find(BlockNode node);

    /// <summary>The header that commits to the filters up to a block, or null.</summary>
    public Uint256? FindHeader(BlockNode node);

    /// <summary>The hash of the filter of a block, or null.</summary>
    public Uint256? FindHash(BlockNode node);
}
