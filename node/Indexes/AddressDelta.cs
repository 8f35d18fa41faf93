using Dash.Primitives.Transactions;

namespace Dash.Node.Indexes;

/// <summary>Something an address got or spent.</summary>
/// <param name="Address">The address.</param>
/// <param name="Height">Height of the block.</param>
/// <param name="Position">The transaction's place in the block; 0 for the coinbase.</param>
/// <param name="Txid">The transaction.</param>
/// <param name="Index">Number of the output, or of the input that spends.</param>
/// <param name="IsInput">Whether it is what an input spends.</param>
/// <param name="Duffs">What came; negative for what went.</param>
internal readonly record struct AddressDelta(
    IndexedAddress Address, int Height, uint Position, Txid Txid, uint Index, bool IsInput, long Duffs);
