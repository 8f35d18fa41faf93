using System.Collections.Immutable;
using Dash.Primitives.Blocks;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>A block and its height. <see cref="Height"/> is -1 while nobody has told the wallet.</summary>
internal readonly record struct BlockPoint(BlockHash Hash, int Height)
{
    /// <summary>Before the first block: the wallet has seen nothing.</summary>
    public static BlockPoint None => new(default, -1);
}

/// <summary>What a header says that the wallet keeps: times are seconds since 1970, the median over eleven blocks.</summary>
internal sealed record HeaderFacts(BlockHash Hash, int Height, long Time, long MedianTime, bool OnActiveChain);

/// <summary>A block as the node delivers it: place, times and the serialized bytes.</summary>
internal sealed record BlockFacts(BlockHash Hash, int Height, BlockHash Previous, long Time, long MedianTime, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// For a block whose content was left out: by which scripts it was searched, as versions of the wallets' states.
    /// A wallet that has others by now must search it again.
    /// </summary>
    public ImmutableDictionary<ScriptIndex, int>? Searched { get; init; }

    /// <summary>Is all that concerns a wallet in this state in <see cref="Data"/>?</summary>
    public bool IsWholeFor(WalletSnapshot wallet) =>
        Searched is null || (Searched.TryGetValue(wallet.Scripts, out var version) && version == wallet.ScriptsVersion);

    /// <summary>Hash and height.</summary>
    public BlockPoint Point => new(Hash, Height);
}
