using System.Security.Cryptography;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Chain;

/// <summary>All unspent coins at a block, counted.</summary>
/// <param name="Block">The block.</param>
/// <param name="Transactions">Transactions with an unspent output.</param>
/// <param name="Outputs">Unspent outputs.</param>
/// <param name="BogoSize">A measure of the set's size that does not depend on the database.</param>
/// <param name="SerializedHash">The hash that was asked for, or zero.</param>
/// <param name="TotalAmount">Sum of the coins.</param>
/// <param name="DiskSize">Bytes on disk, estimated.</param>
internal sealed record CoinStatistics(
    BlockNode Block,
    long Transactions,
    long Outputs,
    long BogoSize,
    Uint256 SerializedHash,
    Amount TotalAmount,
    long DiskSize)
{
    // txid, index, height and origin, value, script length: as Core counts them.
    private const int BogoOverhead = 32 + 4 + 4 + 8 + 2;

    /// <summary>Walks the whole store, which must be flushed.</summary>
    public static CoinStatistics Count(CoinStore store, BlockNode block, CoinHash kind, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(block.Hash.Value.ToArray());
        long transactions = 0, outputs = 0, bogoSize = 0, total = 0;
        var muHash = new MuHash3072();
        var writer = new ByteWriter();
        foreach (var group in GroupByTransaction(store))
        {
            ct.ThrowIfCancellationRequested();
            transactions++;
            outputs += group.Count;
            foreach (var (outPoint, coin) in group)
            {
                bogoSize += BogoSizeOf(coin);
                total += coin.Output.Value.Duffs;
                if (kind == CoinHash.MuHash)
                {
                    writer.Clear();
                    CoinCodec.WriteElement(writer, outPoint, coin);
                    muHash.Insert(writer.WrittenSpan);
                }
            }

            if (kind == CoinHash.Serialized)
            {
                writer.Clear();
                WriteForHash(writer, group);
                hash.AppendData(writer.WrittenSpan);
            }
        }

        var serialized = kind switch
        {
            CoinHash.Serialized => new Uint256(SHA256.HashData(hash.GetHashAndReset())),
            CoinHash.MuHash => muHash.Compute(),
            _ => Uint256.Zero,
        };
        return new CoinStatistics(
            block, transactions, outputs, bogoSize, serialized, new Amount(total), store.EstimatedSize);
    }

    /// <summary>The part of a coin in <see cref="BogoSize"/>.</summary>
    public static long BogoSizeOf(Coin coin) => BogoOverhead + coin.Output.ScriptPubKey.Length;

    private static IEnumerable<List<KeyValuePair<OutPoint, Coin>>> GroupByTransaction(CoinStore store)
    {
        var group = new List<KeyValuePair<OutPoint, Coin>>();
        foreach (var entry in store.ReadAll())
        {
            if (group.Count > 0 && group[0].Key.Txid != entry.Key.Txid)
            {
                yield return group;
                group = [];
            }

            group.Add(entry);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private static void WriteForHash(ByteWriter writer, List<KeyValuePair<OutPoint, Coin>> group)
    {
        // Keys hold the index as a variable-length number, whose byte order is not the numbers' order.
        group.Sort(static (left, right) => left.Key.Index.CompareTo(right.Key.Index));
        var (outPoint, first) = group[0];
        writer.WriteUint256(outPoint.Txid.Value);

        // Core meant height and origin here; what it computes is whether either is set, and that is the format now.
        writer.WriteVarInt(first.Height > 0 || first.IsCoinBase ? 1u : 0u);
        foreach (var (point, coin) in group)
        {
            writer.WriteVarInt(point.Index + 1ul);
            writer.WriteVarBytes(coin.Output.ScriptPubKey.Span);
            writer.WriteVarInt((ulong)coin.Output.Value.Duffs);
        }

        writer.WriteVarInt(0);
    }
}
