using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class ScanTxOutSet
{
    private const string Raw = "raw(76a91411b366edfc0a8b66feebae5c2e25a7b6a5d1cf3188ac)#fm24fxxy";
    private const int BetweenChecks = 256;

    private static readonly RpcArg<string> Action = Arg.Str("action",
        "What to do: \"start\" a scan, \"abort\" the one under way (true if there is one), or tell its \"status\" in percent.");

    private static readonly RpcArg<JsonElement> Objects = Arg.OptionalAny("scanobjects", ArgKind.Array,
        "What to look for, for \"start\": descriptors.", [.. ScanObjects.Elements()]) with { OneLine = "[scanobjects,...]" };

    public static readonly NodeMethod Method = new("blockchain", "scantxoutset",
        "Looks through all unspent outputs for those that descriptors stand for:\n" +
        "addr(<address>), raw(<hex script>), combo(<pubkey>), pkh(<pubkey>), sh(multi(<n>,<pubkey>,<pubkey>,...)) and others.\n" +
        "A <pubkey> is hex, or an extended key with steps, ended by /* for a range.")
    {
        Args = [Action, Objects],
        TypesFirst = [ArgKind.Str, ArgKind.Array],
        Results =
        [
            Result.Obj("with action=='start', when it is done",
                Result.Bool("success", "Whether the scan came to its end."),
                Result.Num("txouts", "Outputs looked at."),
                Result.Num("height", "Height of the chain."),
                Result.Hex("bestblock", "Its last block."),
                Result.Arr("unspents", "", Result.Obj("", "",
                    Result.Hex("txid", "The transaction's id."),
                    Result.Num("vout", "Which of its outputs."),
                    Result.Hex("scriptPubKey", "The script."),
                    Result.Str("desc", "Its descriptor."),
                    Result.Amount("amount", "What it is worth."),
                    Result.Bool("coinbase", "Whether a coinbase made it."),
                    Result.Num("height", "Height of its block."))),
                Result.Amount("total_amount", "What all of them are worth.")),
            Result.Bool("success", "Whether there is a scan to end.", when: "with action=='abort'"),
            Result.Obj("with action=='status' while a scan is under way", Result.Num("progress", "How far it is, in percent, about.")),
            Result.None(when: "with action=='status' otherwise"),
        ],
        Examples =
        [
            Example.Cli($"start '[\"{Raw}\"]'"),
            Example.Cli("status"),
            Example.Cli("abort"),
            Example.Rpc($"\"start\", [\"{Raw}\"]"),
            Example.Rpc("\"status\""),
            Example.Rpc("\"abort\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var action = call.Get(Action);
        if (call.Has(Objects))
        {
            call.Raw(Objects).AsArray();
        }

        switch (action)
        {
            case "status":
                if (call.Node.CoinScan.Progress is { } progress)
                {
                    result.WriteStartObject();
                    result.WriteNumber("progress", progress);
                    result.WriteEndObject();
                }

                break;
            case "abort":
                result.WriteBooleanValue(call.Node.CoinScan.Abort());
                break;
            case "start":
                await StartAsync(call, result, ct);
                break;
            default:
                throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid command");
        }
    }

    private static async Task StartAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        using var scan = call.Node.CoinScan.TryBegin()
            ?? throw new RpcError(RpcErrorCode.InvalidParameter, "Scan already in progress, use action \"abort\" or \"status\"");
        if (call.Arguments.Count < 2)
        {
            throw new RpcError(RpcErrorCode.Misc, "scanobjects argument is required for the start action");
        }

        var objects = ScanObjects.Read(call.Raw(Objects).AsArray(), call.Node.Network, ct);
        var (tip, coins) = await call.Node.Validation.PostAsync((chainstate, _) => (chainstate.View.Tip, chainstate.OpenCoins()), ct);
        var found = new SortedDictionary<OutPoint, Coin>(Comparer<OutPoint>.Create(Order));
        var count = 0L;
        var isDone = true;
        foreach (var (outPoint, coin) in coins)
        {
            if (++count % BetweenChecks == 0)
            {
                ct.ThrowIfCancellationRequested();
                scan.Report(ProgressAt(outPoint.Txid));
                isDone = !scan.IsAborted;
                if (!isDone)
                {
                    break;
                }
            }

            if (objects.Scripts.Contains(coin.Output.ScriptPubKey))
            {
                found.Add(outPoint, coin);
            }
        }

        result.WriteStartObject();
        result.WriteBoolean("success", isDone);
        result.WriteNumber("txouts", count);
        result.WriteNumber("height", tip.Height);
        result.WriteHash("bestblock", tip.Hash);
        result.WriteStartArray("unspents");
        foreach (var (outPoint, coin) in found)
        {
            var script = coin.Output.ScriptPubKey;
            result.WriteStartObject();
            result.WriteHash("txid", outPoint.Txid);
            result.WriteNumber("vout", (int)outPoint.Index);
            result.WriteHex("scriptPubKey", script.Span);
            result.WriteString("desc", objects.Infer(script, call.Node.Network).ToString());
            result.WriteAmount("amount", coin.Output.Value);
            result.WriteBoolean("coinbase", coin.IsCoinBase);
            result.WriteNumber("height", coin.Height);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteAmount("total_amount", found.Values.Aggregate(Amount.Zero, static (sum, coin) => sum + coin.Output.Value));
        result.WriteEndObject();
    }

    private static int Order(OutPoint left, OutPoint right)
    {
        var order = TxidOrder.Instance.Compare(left.Txid, right.Txid);
        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    // Coins come in the order of their txids, which are spread evenly.
    private static int ProgressAt(Txid txid)
    {
        Span<byte> bytes = stackalloc byte[32];
        txid.Value.CopyTo(bytes);
        return (int)((((bytes[0] << 8) + bytes[1]) * 100.0 / 65536.0) + 0.5);
    }
}
