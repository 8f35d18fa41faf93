using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Bench.Differential;

/// <summary>Blocks from a template: right ones, and some that break one rule.</summary>
internal sealed class RandomBlocks(Random random, Script script)
{
    private const int MostTries = 100_000;

    private static readonly string[] Faults =
    [
        "merkle root", "too much reward", "no coinbase", "two coinbases", "transaction twice", "children first", "time too old",
        "time too new", "wrong bits", "old version", "no commitments", "coinbase height", "payload height", "no payload",
        "overspent coin", "no proof of work", "unknown parent", "coin spent twice", "bad signature",
    ];

    /// <summary>A block on the tip of which a template tells.</summary>
    /// <param name="template">What getblocktemplate answered.</param>
    /// <param name="extra">Transactions to put in beside those of the template.</param>
    /// <param name="isGood">False to break a rule.</param>
    /// <param name="what">Which.</param>
    public Block Make(JsonElement template, IReadOnlyList<Transaction> extra, bool isGood, out string what)
    {
        what = isGood ? "good" : Faults[random.Next(Faults.Length)];
        var height = template.GetProperty("height").GetInt32();
        List<Transaction> transactions = [MakeCoinbase(template, height, what), .. ReadTransactions(template), .. extra];
        switch (what)
        {
            case "no coinbase":
                transactions.RemoveAt(0);
                break;
            case "two coinbases":
                transactions.Add(transactions[0]);
                break;
            case "transaction twice":
                transactions.Add(transactions[^1]);
                break;
            case "children first":
                transactions.Reverse(1, transactions.Count - 1);
                break;
            case "no commitments":
                transactions.RemoveAll(static one => one.Type == TransactionType.QuorumCommitment);
                break;
            case "coin spent twice" when transactions.Count > 1 && transactions[^1].Inputs.Length > 0:
                transactions.Add(transactions[^1] with { LockTime = transactions[^1].LockTime + 1 });
                break;
            case "bad signature" when transactions.Count > 1 && transactions[^1].Outputs.Length > 0:
                transactions[^1] = transactions[^1] with { Outputs = [.. transactions[^1].Outputs, .. transactions[^1].Outputs.Take(0)], LockTime = 1 };
                break;
        }

        var block = new Block(MakeHeader(template, what), transactions);
        var root = block.ComputeMerkleRoot(out _);
        return Solve(
            new Block(block.Header with { MerkleRoot = what == "merkle root" ? Uint256.Parse(new string('7', 64)) : root }, transactions),
            isSolved: what != "no proof of work");
    }

    /// <summary>A block with nothing but its coinbase, anywhere in the tree.</summary>
    /// <param name="template">What getblocktemplate answered for the tip.</param>
    /// <param name="previous">Its parent.</param>
    /// <param name="height">Its height.</param>
    /// <param name="isGood">False to pay too much.</param>
    public Block MakeEmpty(JsonElement template, BlockHash previous, int height, bool isGood)
    {
        var coinbase = MakeCoinbase(template, height, isGood ? "empty" : "too much reward");
        if (coinbase.ExtraPayload is { Length: > 6 } given)
        {
            var payload = given.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(2), height);
            coinbase = coinbase with { ExtraPayload = payload };
        }

        var header = MakeHeader(template, "empty") with { Previous = previous };
        Block block = new(header with { Time = header.Time + (uint)random.Next(0, 60) }, [coinbase]);
        return Solve(new Block(block.Header with { MerkleRoot = block.ComputeMerkleRoot(out _) }, block.Transactions), isSolved: true);
    }

    private static IEnumerable<Transaction> ReadTransactions(JsonElement template) =>
        template.GetProperty("transactions").EnumerateArray()
            .Select(static item => Transaction.Parse(Hex.Decode(item.GetProperty("data").GetString()!))); // it is a text

    private BlockHeader MakeHeader(JsonElement template, string what)
    {
        var time = template.GetProperty("curtime").GetUInt32();
        var bits = uint.Parse(template.GetProperty("bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var previous = Uint256.Parse(template.GetProperty("previousblockhash").GetString()!); // it is a text
        return new BlockHeader(
            what == "old version" ? random.Next(0, 4) : template.GetProperty("version").GetInt32(),
            new BlockHash(what == "unknown parent" ? Uint256.Parse(new string('5', 64)) : previous),
            Uint256.Zero,
            what switch
            {
                "time too old" => template.GetProperty("mintime").GetUInt32() - (uint)random.Next(1, 1000),
                "time too new" => time + (2 * 60 * 60) + (uint)random.Next(1, 1000),
                _ => time,
            },
            what == "wrong bits" ? bits - 1 : bits,
            0);
    }

    private Transaction MakeCoinbase(JsonElement template, int height, string what)
    {
        var value = template.GetProperty("coinbasevalue").GetInt64();
        var payees = template.GetProperty("masternode").EnumerateArray()
            .Select(static payee => new TxOut(
                new Amount(payee.GetProperty("amount").GetInt64()), Script.FromHex(payee.GetProperty("script").GetString()!))) // it is a text
            .ToArray();
        value -= payees.Sum(static payee => payee.Value.Duffs);
        value += what is "too much reward" or "overspent coin" ? random.Next(1, 1000) : 0;
        var payload = Hex.Decode(template.GetProperty("coinbase_payload").GetString()!); // it is a text
        var signature = new ScriptBuilder().Number(what == "coinbase height" ? height + 1 : height).Push(RandomBytes(4)).Build();
        TxOut[] outputs = [new TxOut(new Amount(value), script), .. payees];
        if (payload.Length == 0 || what == "no payload")
        {
            return new Transaction([new TxIn(OutPoint.Null, signature)], [.. outputs]);
        }

        if (what == "payload height")
        {
            payload[2]++; // behind the version
        }

        return new Transaction(
            Transaction.SpecialVersion, TransactionType.CoinbaseSpecial, [new TxIn(OutPoint.Null, signature)], [.. outputs], 0, payload);
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    // On regtest every second hash is low enough.
    private static Block Solve(Block block, bool isSolved)
    {
        _ = CompactTarget.TryDecode(block.Header.Bits, out var target);
        var limit = CompactTarget.ToUint256(target);
        for (uint nonce = 0; nonce < MostTries; nonce++)
        {
            var header = block.Header with { Nonce = nonce };
            if ((header.Hash.Value <= limit) == isSolved)
            {
                return new Block(header, block.Transactions);
            }
        }

        throw new InvalidOperationException("no nonce fits");
    }
}
