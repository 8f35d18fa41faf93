using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Headers as objects, members in Dash Core's order.</summary>
internal static class BlockJson
{
    /// <summary>Headers one call gives at most.</summary>
    public const int MostHeaders = 2000;

    /// <summary>How many headers a caller wants.</summary>
    /// <exception cref="RpcError">Code -8: none, or too many.</exception>
    public static int CheckCount(int count) =>
        count is > 0 and <= MostHeaders ? count : throw new RpcError(RpcErrorCode.InvalidParameter, "Count is out of range");

    /// <summary>What <see cref="WriteHeader"/> writes, for help.</summary>
    public static IReadOnlyList<RpcResult> HeaderResults { get; } =
    [
        Result.Hex("hash", "The block's hash."),
        Result.Num("confirmations", "How deep the block is in the active chain; -1 if it is not in it."),
        Result.Num("height", "Blocks below it."),
        Result.Num("version", "The version as a number."),
        Result.Hex("versionHex", "The version in hex."),
        Result.Hex("merkleroot", "Merkle root of its transactions."),
        Result.Time("time", "What the miner wrote, seconds since 1970."),
        Result.Time("mediantime", "Median of the times of this block and the ten before it."),
        Result.Num("nonce", "The nonce."),
        Result.Hex("bits", "The target in compact form."),
        Result.Num("difficulty", "How many times harder than the easiest target."),
        Result.Hex("chainwork", "Hashes expected to make the chain up to here."),
        Result.Num("nTx", "Transactions in the block."),
        Result.Hex("previousblockhash", "The block below.", optional: true),
        Result.Hex("nextblockhash", "The block above, in the active chain.", optional: true),
        Result.Bool("chainlock", "Whether a ChainLock holds it."),
    ];

    /// <summary>Writes the members of a block's header into the object that is open.</summary>
    public static void WriteHeader(this Utf8JsonWriter writer, BlockNode node, ChainView view)
    {
        var header = node.Header;
        writer.WriteHash("hash", node.Hash);
        writer.WriteNumber("confirmations", Confirmations(node, view));
        writer.WriteNumber("height", node.Height);
        writer.WriteNumber("version", header.Version);
        writer.WriteString("versionHex", header.Version.ToString("x8", CultureInfo.InvariantCulture));
        writer.WriteHash("merkleroot", header.MerkleRoot);
        writer.WriteNumber("time", header.Time);
        writer.WriteNumber("mediantime", node.MedianTimePast);
        writer.WriteNumber("nonce", header.Nonce);
        writer.WriteString("bits", header.Bits.ToString("x8", CultureInfo.InvariantCulture));
        writer.WriteReal("difficulty", Difficulty.Of(header.Bits));
        writer.WriteWork("chainwork", node.ChainWork);
        writer.WriteNumber("nTx", node.TransactionCount);
        if (node.Previous is { } previous)
        {
            writer.WriteHash("previousblockhash", previous.Hash);
        }

        if (view.Next(node) is { } next)
        {
            writer.WriteHash("nextblockhash", next.Hash);
        }

        writer.WriteBoolean("chainlock", false);
    }

    /// <summary>Depth in the active chain, 1 for the tip; -1 for a block that is not in it.</summary>
    public static int Confirmations(BlockNode node, ChainView view) =>
        view.Contains(node) ? view.Height - node.Height + 1 : -1;

    /// <summary>Work as 64 hex digits.</summary>
    public static void WriteWork(this Utf8JsonWriter writer, string name, BigInteger work) =>
        writer.WriteString(name, work.ToString("x64", CultureInfo.InvariantCulture)[^64..]);
}
