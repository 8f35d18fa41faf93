using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>The mempool between two runs, in dashd's <c>mempool.dat</c>.</summary>
/// <param name="Transactions">Transactions, the time each came (Unix seconds) and its fee delta.</param>
/// <param name="Deltas">Fee deltas of transactions that were not in the mempool.</param>
/// <param name="Unbroadcast">Transactions no peer had asked for.</param>
internal sealed record MempoolFile(
    IReadOnlyList<(Transaction Transaction, long Time, Amount FeeDelta)> Transactions,
    IReadOnlyDictionary<Txid, Amount> Deltas,
    IReadOnlyCollection<Txid> Unbroadcast)
{
    /// <summary>The file's name in the network's directory.</summary>
    public const string Name = "mempool.dat";

    private const ulong FormatVersion = 1;

    /// <summary>What a mempool would write.</summary>
    public static MempoolFile Of(MempoolView view, IReadOnlyDictionary<Txid, Amount> deltas) => new(
        [.. view.ParentsFirst.Select(static entry => (entry.Transaction, entry.Time, entry.FeeDelta))],
        deltas.Where(delta => !view.Graph.Contains(delta.Key)).ToDictionary(),
        [.. view.Unbroadcast]);

    /// <summary>Reads a file.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="EncodingException">It is not a mempool file.</exception>
    public static MempoolFile? Load(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var reader = new SpanReader(File.ReadAllBytes(path));
        if (reader.ReadUInt64() != FormatVersion)
        {
            throw new EncodingException("Unknown version of mempool.dat");
        }

        var count = reader.ReadUInt64();
        var transactions = new List<(Transaction, long, Amount)>();
        for (var i = 0UL; i < count; i++)
        {
            transactions.Add((Transaction.Read(ref reader), reader.ReadInt64(), new Amount(reader.ReadInt64())));
        }

        var deltas = new Dictionary<Txid, Amount>();
        for (var left = reader.ReadCompactSize(); left > 0; left--)
        {
            deltas[new Txid(reader.ReadUint256())] = new Amount(reader.ReadInt64());
        }

        var unbroadcast = new List<Txid>();
        for (var left = reader.ReadCompactSize(); left > 0; left--)
        {
            unbroadcast.Add(new Txid(reader.ReadUint256()));
        }

        return new MempoolFile(transactions, deltas, unbroadcast);
    }

    /// <summary>Writes the file: to a new one, which then takes the old one's place.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public void Save(string path)
    {
        var writer = new ByteWriter();
        writer.WriteUInt64(FormatVersion);
        writer.WriteUInt64((ulong)Transactions.Count);
        foreach (var (transaction, time, delta) in Transactions)
        {
            transaction.Write(writer);
            writer.WriteInt64(time);
            writer.WriteInt64(delta.Duffs);
        }

        writer.WriteCompactSize(Deltas.Count);
        foreach (var (txid, delta) in Deltas.OrderBy(static item => item.Key, TxidOrder.Instance))
        {
            writer.WriteUint256(txid.Value);
            writer.WriteInt64(delta.Duffs);
        }

        writer.WriteCompactSize(Unbroadcast.Count);
        foreach (var txid in Unbroadcast.Order(TxidOrder.Instance))
        {
            writer.WriteUint256(txid.Value);
        }

        try
        {
            var fresh = path + ".new";
            using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
            {
                file.Write(writer.WrittenSpan);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException("Failed to dump mempool: " + e.Message, e);
        }
    }
}
