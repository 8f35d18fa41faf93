using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

internal static class SimulateRawTransaction
{
    private static readonly RpcArg<JsonElement> Texts = Arg.OptionalAny("rawtxs", ArgKind.Array,
        "Transactions, each one after those it spends.", Arg.HexText("rawtx", "A transaction."));

    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly("Count addresses that are only watched too.");

    private static readonly RpcArg<JsonElement> Options = Arg.OptionalAny("options", ArgKind.ObjectUserKeys, "How.", WatchOnly);

    public static readonly WalletMethod Method = new("wallet", "simulaterawtransaction",
        "What transactions would change in the wallet's balance if they were signed and sent.")
    {
        Args = [Texts, Options],
        Results = [Result.Obj(Result.Amount("balance_change", "The change; negative when the wallet loses."))],
        Examples = [Example.Cli("\"[\\\"myhex\\\"]\""), Example.Rpc("[\"myhex\"]")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        FundingArgs.RequireType(call, Texts, "array");
        FundingArgs.RequireType(call, Options, "object");
        if (call.Has(Options))
        {
            RpcObject.Read(call.Raw(Options), [WatchOnly]);
        }

        var change = Amount.Zero;
        Dictionary<OutPoint, Amount> fresh = [];
        HashSet<OutPoint> spent = [];
        foreach (var text in call.Raw(Texts).AsArray().EnumerateArray())
        {
            if (!TransactionArgs.TryParse(text.AsStr(), out var tx))
            {
                throw new RpcError(RpcErrorCode.Deserialization, "Transaction hex string decoding failure.");
            }

            var coins = await call.Context.Spender.FindCoinsAsync([.. tx.Inputs.Select(static input => input.PreviousOutput)], ct);
            using var view = call.OpenView(wallet);
            change -= Spend(tx, view, coins, fresh, spent);
            change += Receive(tx, view, fresh);
        }

        result.WriteStartObject();
        result.WriteAmount("balance_change", change);
        result.WriteEndObject();
    }

    private static Amount Spend(
        Transaction tx, WalletView view, Dictionary<OutPoint, TxOut> coins, Dictionary<OutPoint, Amount> fresh, HashSet<OutPoint> spent)
    {
        var lost = Amount.Zero;
        foreach (var input in tx.Inputs)
        {
            var outPoint = input.PreviousOutput;
            if (!spent.Add(outPoint))
            {
                throw Refused("Transaction(s) are spending the same output more than once");
            }

            if (fresh.Remove(outPoint, out var gained))
            {
                lost += gained;
            }
            else if (!coins.ContainsKey(outPoint))
            {
                throw Refused("One or more transaction inputs are missing or have been spent already");
            }
            else if (view.FindOutput(outPoint) is { } output && view.Snapshot.IsMine(output.ScriptPubKey))
            {
                lost += output.Value;
            }
        }

        return lost;
    }

    private static Amount Receive(Transaction tx, WalletView view, Dictionary<OutPoint, Amount> fresh)
    {
        var gained = Amount.Zero;
        for (var i = 0; i < tx.Outputs.Length; i++)
        {
            var output = tx.Outputs[i];
            var mine = view.Snapshot.IsMine(output.ScriptPubKey) ? output.Value : Amount.Zero;
            fresh[new OutPoint(tx.Txid, (uint)i)] = mine;
            gained += mine;
        }

        return gained;
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
