using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Indexes;

/// <summary>
/// Sums and the hash of the unspent coins after each block (<c>-coinstatsindex</c>), in dashd's format: answers
/// <c>gettxoutsetinfo</c> at once, for any height.
/// </summary>
internal sealed class CoinStatsIndex : ChainIndex
{
    private const byte MuHashKey = (byte)'M';

    private readonly HeightTable _table;
    private readonly ChainParams _network;
    private readonly ILogger _log;
    private readonly ByteWriter _coin = new();
    private MuHash3072 _hash = new();

    /// <summary>An index over a database that belongs to it.</summary>
    public CoinStatsIndex(KeyValueStore store, Chainstate chainstate, ILogger log)
        : base("coinstatsindex", store, chainstate, log)
    {
        _table = new HeightTable(store);
        _network = chainstate.Network;
        _log = log;
    }

    /// <inheritdoc/>
    protected override bool IsPrunable => true;

    /// <inheritdoc/>
    protected override bool NeedsUndo => true;

    /// <inheritdoc/>
    public override void Open()
    {
        if (Store.Get([MuHashKey]) is { Length: MuHash3072.Size } stored)
        {
            _hash = new MuHash3072(stored);
        }

        base.Open();
        if (Best is { } best && Find(best)?.MuHash != _hash.Compute())
        {
            BuildAnew("it does not fit the block it says it is at");
            Restart();
        }
    }

    /// <summary>What there was after a block; null when it has not been read. Any thread.</summary>
    public CoinTotals? Find(BlockNode node) => _table.Find(node) is { } value ? CoinTotals.Parse(value) : null;

    /// <inheritdoc/>
    protected override void WriteBlock(BlockNode node, Block block, BlockUndo undo)
    {
        var totals = node.Previous is { } parent ? Previous(parent) : CoinTotals.None;
        totals = totals with { Subsidy = totals.Subsidy + Subsidy.ForBlock(node.Previous, _network) };
        totals = node.Height == 0
            ? totals with { Unspendable = totals.Subsidy, UnspendableGenesis = totals.Subsidy }
            : Add(totals, node, block, undo);

        // What could be taken and was not.
        var unclaimed = totals.Spent + totals.Subsidy - (totals.NewOutputs + totals.Coinbase + totals.Unspendable);
        totals = totals with
        {
            Unspendable = totals.Unspendable + unclaimed,
            Unclaimed = totals.Unclaimed + unclaimed,
            MuHash = _hash.Compute(),
        };
        var batch = new KeyValueBatch();
        HeightTable.Put(batch, node, totals.ToBytes());
        Store.Write(batch, sync: false);
    }

    /// <inheritdoc/>
    protected override bool Rewind(BlockNode from, BlockNode to)
    {
        var batch = new KeyValueBatch();
        _table.KeepByHash(batch, to.Height, from.Height);
        Store.Write(batch, sync: false);
        for (var node = from; node != to; node = node.Previous!) // `to` is an ancestor
        {
            if (!node.HasData || Chainstate.Archive.FindUndo(node) is not { } undo)
            {
                // As after a power cut: what the block changed is not known any more.
                BuildAnew($"block {node.Hash}, which it has read, is not stored any more");
                return false;
            }

            var block = Chainstate.Archive.ReadBlock(node);
            foreach (var (outPoint, coin) in Made(node, block))
            {
                _hash.Remove(Serialize(outPoint, coin));
            }

            foreach (var (outPoint, coin) in Spent(block, undo))
            {
                _hash.Insert(Serialize(outPoint, coin));
            }
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void AddToCommit(KeyValueBatch batch) => batch.Put([MuHashKey], _hash.ToArray());

    private void BuildAnew(string reason)
    {
        Log.BuiltAnew(_log, Name, reason);
        _hash = new MuHash3072();
    }

    private static IEnumerable<(OutPoint OutPoint, Coin Coin)> Made(BlockNode node, Block block)
    {
        foreach (var transaction in block.Transactions)
        {
            for (var i = 0; i < transaction.Outputs.Length; i++)
            {
                if (!transaction.Outputs[i].ScriptPubKey.IsUnspendable)
                {
                    var coin = new Coin(transaction.Outputs[i], node.Height, transaction.IsCoinBase);
                    yield return (new OutPoint(transaction.Txid, (uint)i), coin);
                }
            }
        }
    }

    private static IEnumerable<(OutPoint OutPoint, Coin Coin)> Spent(Block block, BlockUndo undo)
    {
        for (var i = 0; i < undo.Spent.Count; i++)
        {
            var inputs = block.Transactions[i + 1].Inputs;
            for (var j = 0; j < undo.Spent[i].Count; j++)
            {
                yield return (inputs[j].PreviousOutput, undo.Spent[i][j]);
            }
        }
    }

    private CoinTotals Previous(BlockNode parent)
    {
        var (hash, _) = _table.At(parent.Height);
        if (hash != parent.Hash)
        {
            var (found, expected) = (hash.ToString(), parent.Hash.ToString());
            Log.UnexpectedPrevious(_log, found, expected);
        }

        return Find(parent) ?? throw new StorageException($"{Name}: previous block header not found; expected {parent.Hash}");
    }

    private CoinTotals Add(CoinTotals totals, BlockNode node, Block block, BlockUndo undo)
    {
        long outputs = 0, size = 0, amount = 0, spent = 0, coinbase = 0;
        foreach (var (outPoint, coin) in Made(node, block))
        {
            _hash.Insert(Serialize(outPoint, coin));
            outputs++;
            size += CoinStatistics.BogoSizeOf(coin);
            amount += coin.Output.Value.Duffs;
            coinbase += coin.IsCoinBase ? coin.Output.Value.Duffs : 0;
        }

        var made = amount;
        foreach (var (outPoint, coin) in Spent(block, undo))
        {
            _hash.Remove(Serialize(outPoint, coin));
            outputs--;
            size -= CoinStatistics.BogoSizeOf(coin);
            amount -= coin.Output.Value.Duffs;
            spent += coin.Output.Value.Duffs;
        }

        var lost = block.Transactions.SelectMany(static transaction => transaction.Outputs)
            .Where(static output => output.ScriptPubKey.IsUnspendable)
            .Sum(static output => output.Value.Duffs);
        return totals with
        {
            Outputs = totals.Outputs + outputs,
            BogoSize = totals.BogoSize + size,
            Amount = totals.Amount + new Amount(amount),
            Spent = totals.Spent + new Amount(spent),
            Coinbase = totals.Coinbase + new Amount(coinbase),
            NewOutputs = totals.NewOutputs + new Amount(made - coinbase),
            Unspendable = totals.Unspendable + new Amount(lost),
            UnspendableScripts = totals.UnspendableScripts + new Amount(lost),
        };
    }

    private ReadOnlySpan<byte> Serialize(OutPoint outPoint, Coin coin)
    {
        _coin.Clear();
        CoinCodec.WriteElement(_coin, outPoint, coin);
        return _coin.WrittenSpan;
    }
}
