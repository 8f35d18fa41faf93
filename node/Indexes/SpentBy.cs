using Dash.Primitives.Transactions;

namespace Dash.Node.Indexes;

/// <summary>The input that spends an output.</summary>
/// <param name="Txid">Its transaction.</param>
/// <param name="Index">Its number.</param>
/// <param name="Height">Height of the block; -1 in the mempool.</param>
/// <param name="Duffs">What the output was worth.</param>
/// <param name="Address">Whom it paid.</param>
internal readonly record struct SpentBy(Txid Txid, uint Index, int Height, long Duffs, IndexedAddress Address);
