using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Storage;

/// <summary>An output of ours, spent or not, as a row of its own says it: nothing of its transaction is read.</summary>
/// <param name="Script">Whom it pays.</param>
/// <param name="Txid">Its transaction.</param>
/// <param name="Value">How much.</param>
/// <param name="Output">Which of its outputs.</param>
/// <param name="Height">The height of its block; null where it is in none, or it is not known.</param>
/// <param name="Depth">Confirmations at the tip asked for.</param>
/// <param name="IsCoinBase">Mined.</param>
/// <param name="IsInstantLocked">Locked by InstantSend and not yet under a ChainLock.</param>
/// <param name="Position">Rank of the transaction in the order of arrival.</param>
internal readonly record struct ReceivedRow(
    byte[] Script, Txid Txid, uint Output, Amount Value, int? Height, int Depth, bool IsCoinBase, bool IsInstantLocked, long Position);
