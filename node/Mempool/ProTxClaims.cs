using Dash.Node.Masternodes;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// What a transaction that registers or changes a masternode lays claim to: no two in the mempool may claim the same,
/// because they could not be in one block.
/// </summary>
internal static class ProTxClaims
{
    /// <summary>Whether a transaction's payload is one whose checks depend on the masternodes at the tip.</summary>
    public static bool DependsOnList(Transaction transaction) =>
        transaction.HasExtraPayload && transaction.Type is TransactionType.ProRegTx or TransactionType.ProUpRegTx;

    /// <summary>Whether a transaction claims what one of others does.</summary>
    /// <param name="transaction">The transaction, checked before.</param>
    /// <param name="others">Those in the mempool.</param>
    /// <param name="list">The masternodes at the tip.</param>
    public static bool Conflicts(Transaction transaction, IEnumerable<Transaction> others, MasternodeList list)
    {
        if (!DependsOnList(transaction))
        {
            return false;
        }

        var claims = Of(transaction, list).ToHashSet();
        return others.Where(DependsOnList).SelectMany(other => Of(other, list)).Any(claims.Contains);
    }

    private static IEnumerable<Uint256> Of(Transaction transaction, MasternodeList list)
    {
        if (transaction.Type == TransactionType.ProRegTx && ProRegTx.TryParse(transaction.ExtraPayload.Span, out var registration))
        {
            foreach (var entry in registration.NetInfo.Entries)
            {
                yield return UniqueProperty.Of(entry);
            }

            yield return UniqueProperty.Of(registration.OwnerKeyId);
            if (registration.Collateral.Txid != default)
            {
                yield return UniqueProperty.Of(registration.Collateral);
            }

            if (registration.Type == MasternodeType.Evo)
            {
                yield return UniqueProperty.Of(registration.Platform.NodeId);
            }

            if (KeyOf(registration.OperatorKey, registration.Scheme) is { } key)
            {
                yield return UniqueProperty.Of(key, BlsScheme.Basic);
            }
        }
        else if (transaction.Type == TransactionType.ProUpRegTx
            && ProUpRegTx.TryParse(transaction.ExtraPayload.Span, out var update)
            && KeyOf(update.OperatorKey, update.Scheme) is { } changed
            && !changed.Equals(list.Find(update.ProTxHash)?.State.OperatorKey))
        {
            // Only one new operator at a time.
            yield return update.ProTxHash.Value;
            yield return UniqueProperty.Of(changed, BlsScheme.Basic);
        }
    }

    private static BlsPublicKey? KeyOf(ReadOnlyMemory<byte> bytes, BlsScheme scheme) =>
        MasternodeState.KeyOf(bytes.Span, scheme);
}
