using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>Which transactions and blocks a light client's bloom filter is interested in.</summary>
public static class BloomFilterMatching
{
    /// <summary>
    /// Whether a transaction matches: its txid, what its payload names, what its scripts push, what it spends. The
    /// filter learns what it asked to learn.
    /// </summary>
    public static bool MatchesAndLearns(this BloomFilter filter, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(transaction);
        if (filter.IsEmpty)
        {
            return true;
        }

        var txid = transaction.Txid;
        var isMatch = ContainsHash(filter, txid.Value) || MatchesPayload(filter, transaction);
        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            isMatch |= MatchesOutput(filter, transaction.Outputs[i], new OutPoint(txid, (uint)i));
        }

        return isMatch || transaction.Inputs.Any(input =>
            filter.Contains(input.PreviousOutput) || MatchesPushes(filter, input.ScriptSig));
    }

    /// <summary>The proof of a block's transactions that match, which are given in their order.</summary>
    public static MerkleBlock Filter(this BloomFilter filter, Block block, out IReadOnlyList<Transaction> matches)
    {
        var found = new List<Transaction>();
        var proof = MerkleBlock.Create(block, transaction =>
        {
            var isMatch = MayBeAskedFor(transaction) && filter.MatchesAndLearns(transaction);
            if (isMatch)
            {
                found.Add(transaction);
            }

            return isMatch;
        });
        matches = found;
        return proof;
    }

    // Light clients don't know the others.
    private static bool MayBeAskedFor(Transaction transaction) =>
        transaction.Version < Transaction.SpecialVersion
        || (Enum.IsDefined(transaction.Type)
            && transaction.Type is not (TransactionType.QuorumCommitment or TransactionType.MnHfSignal));

    private static bool MatchesPayload(BloomFilter filter, Transaction transaction)
    {
        if (!transaction.HasExtraPayload)
        {
            return false;
        }

        var payload = transaction.ExtraPayload.Span;
        switch (transaction.Type)
        {
            case TransactionType.ProRegTx:
                return ProRegTx.TryParse(payload, out var register)
                    && (filter.Contains(register.Collateral)
                        || ContainsHash(filter, register.OwnerKeyId)
                        || ContainsHash(filter, register.VotingKeyId)
                        || MatchesPushes(filter, register.Payout))
                    && Learn(filter, transaction.Txid);
            case TransactionType.ProUpServTx:
                return ProUpServTx.TryParse(payload, out var service)
                    && (ContainsHash(filter, service.ProTxHash.Value)
                        || (MatchesPushes(filter, service.OperatorPayout) && Learn(filter, service.ProTxHash)));
            case TransactionType.ProUpRegTx:
                return ProUpRegTx.TryParse(payload, out var registrar)
                    && (ContainsHash(filter, registrar.ProTxHash.Value)
                        || ((ContainsHash(filter, registrar.VotingKeyId) || MatchesPushes(filter, registrar.Payout))
                            && Learn(filter, registrar.ProTxHash)));
            case TransactionType.ProUpRevTx:
                return ProUpRevTx.TryParse(payload, out var revoke) && ContainsHash(filter, revoke.ProTxHash.Value);
            case TransactionType.AssetLock:
                return AssetLock.TryParse(payload, out var credits) && MatchesCredits(filter, credits, transaction.Txid);
            default:
                return false;
        }
    }

    private static bool MatchesCredits(BloomFilter filter, AssetLock payload, Txid txid)
    {
        var isMatch = false;
        for (var i = 0; i < payload.CreditOutputs.Count; i++)
        {
            isMatch |= MatchesOutput(filter, payload.CreditOutputs[i], new OutPoint(txid, (uint)i));
        }

        return isMatch;
    }

    private static bool MatchesOutput(BloomFilter filter, TxOut output, OutPoint outPoint)
    {
        if (!MatchesPushes(filter, output.ScriptPubKey))
        {
            return false;
        }

        if (filter.Update == BloomUpdate.All
            || (filter.Update == BloomUpdate.PubKeyOnly
                && ScriptTemplates.Solve(output.ScriptPubKey).Kind is ScriptKind.PubKey or ScriptKind.Multisig))
        {
            filter.Add(outPoint);
        }

        return true;
    }

    private static bool MatchesPushes(BloomFilter filter, Script script)
    {
        var ops = script.Ops();
        while (ops.TryRead(out _, out var data))
        {
            if (!data.IsEmpty && filter.Contains(data))
            {
                return true;
            }
        }

        return false;
    }

    // Only filters that learn everything learn registrations: wallets of several coins don't know them.
    private static bool Learn(BloomFilter filter, Txid txid)
    {
        if (filter.Update == BloomUpdate.All)
        {
            Span<byte> bytes = stackalloc byte[Uint256.Size];
            txid.Value.CopyTo(bytes);
            filter.Add(bytes);
        }

        return true;
    }

    private static bool ContainsHash(BloomFilter filter, Uint256 hash)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(bytes);
        return filter.Contains(bytes);
    }

    private static bool ContainsHash(BloomFilter filter, Hash160 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash160.Size];
        hash.CopyTo(bytes);
        return filter.Contains(bytes);
    }
}
