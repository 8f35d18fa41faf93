using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class ListReceivedByAddress
{
    private static readonly RpcArg<int> MinConf = Received.MinConf();
    private static readonly RpcArg<bool> AddLocked = Received.AddLocked();
    private static readonly RpcArg<bool> IncludeEmpty = Arg.Bool(
        "include_empty", fallback: false, "Also addresses that have received nothing.");
    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly("Include watched addresses.");
    private static readonly RpcArg<string?> Only = Arg.OptionalStr(
        "address_filter", "Only this address; the empty text is as if it were left out.");
    private static readonly RpcArg<bool> IncludeImmature = Received.IncludeImmature();

    public static readonly WalletMethod Method = new("wallet", "listreceivedbyaddress",
        "What the addresses in the address book have received in all, spent or not.")
    {
        Args = [MinConf, AddLocked, IncludeEmpty, WatchOnly, Only, IncludeImmature],
        Results =
        [
            Result.Arr("", "",
                Result.Obj("", "",
                    Result.Bool("involvesWatchonly",
                        "There if it is watched only, in wallets that tell the difference.", optional: true),
                    Result.Str("address", "The address."),
                    Result.Amount("amount", "The sum in DASH."),
                    Result.Num("confirmations", "Confirmations of the latest payment that counts."),
                    Result.Str("label", "The label of the address."),
                    Result.Arr("txids", "", Result.Hex("txid", "A payment's transaction.")))),
        ],
        Examples =
        [
            Example.Cli(),
            Example.Cli("6 false true"),
            Example.Cli("6 false true true \"\" true"),
            Example.Rpc("6, false, true, true"),
            Example.Rpc($"6, false, true, true, \"{Example.Address}\", true"),
        ],
        Lane = RpcLane.Heavy,
        Reflects = StateAsync,
        Handler = HandleAsync,
    };

    // Rows that are kept need no answer that is kept.
    private static async ValueTask<AnswerState?> StateAsync(WalletCall call, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        return IsPlain(call) && call.ListsOf(wallet, call.SnapshotOf(wallet).TxCount) is not null ? null : WholeWallet.Of(call, wallet);
    }

    private static bool IsPlain(WalletCall call)
    {
        var includeImmature = call.Get(IncludeImmature);
        var (minConf, addLocked, includeEmpty) = (call.Get(MinConf), call.Get(AddLocked), call.Get(IncludeEmpty));
        call.Get(WatchOnly);
        return string.IsNullOrEmpty(call.Get(Only)) && minConf == 1 && !addLocked && !includeEmpty && !includeImmature && call.Reply is not null;
    }

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        if (IsPlain(call) && call.Reply is { } reply && call.ListsOf(wallet, call.SnapshotOf(wallet).TxCount) is { } lists
            && lists.TryWrite(call, lists.Received, (list, kept) => list.TryWrite(kept, reply, ct)))
        {
            return;
        }

        var includeImmature = call.Get(IncludeImmature);
        using var view = call.OpenView(wallet);
        var prefixes = view.Snapshot.Chain.Prefixes;
        var minConf = call.Get(MinConf);
        var addLocked = call.Get(AddLocked);
        var includeEmpty = call.Get(IncludeEmpty);
        call.Get(WatchOnly);
        AddressKey? only = null;
        if (call.Get(Only) is { Length: > 0 } text && (only = AddressKey.Of(text, prefixes)) is null)
        {
            throw new RpcError(RpcErrorCode.Wallet, "address_filter parameter was invalid");
        }

        var sums = Received.ByAddress(view, only, minConf, addLocked, includeImmature, ct);
        result.WriteStartArray();
        foreach (var (payee, label) in only is { } one ? Received.Named(view.Snapshot, one) : Received.Named(view.Snapshot))
        {
            var sum = sums.GetValueOrDefault(payee);
            if (sum is null && !includeEmpty)
            {
                continue;
            }

            sum ??= new ReceivedSum();
            Write(result, prefixes, payee, label, sum);
        }

        result.WriteEndArray();
    }

    /// <summary>Writes an address; into a list that is kept, if one is given.</summary>
    public static void Write(Utf8JsonWriter result, AddressPrefixes prefixes, AddressKey payee, string label, ReceivedSum sum, RowWriter? row = null)
    {
        result.WriteStartObject();
        result.WriteString("address", payee.ToText(prefixes));
        result.WriteAmount("amount", sum.Amount);
        if (row is not null && sum.Height is { } height)
        {
            row.WriteCount("confirmations", height);
        }
        else
        {
            result.WriteNumber("confirmations", sum.Confirmations);
        }

        result.WriteString("label", label);
        result.WriteStartArray("txids");
        foreach (var txid in sum.Txids)
        {
            result.WriteHashValue(txid.Value);
        }

        result.WriteEndArray();
        result.WriteEndObject();
    }
}
