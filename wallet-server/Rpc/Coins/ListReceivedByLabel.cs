using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class ListReceivedByLabel
{
    private static readonly RpcArg<int> MinConf = Received.MinConf();
    private static readonly RpcArg<bool> AddLocked = Received.AddLocked();
    private static readonly RpcArg<bool> IncludeEmpty = Arg.Bool(
        "include_empty", fallback: false, "Also labels that have received nothing.");
    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly("Include watched addresses.");
    private static readonly RpcArg<bool> IncludeImmature = Received.IncludeImmature();

    public static readonly WalletMethod Method = new("wallet", "listreceivedbylabel",
        "What the labels of the address book have received in all, spent or not.")
    {
        Args = [MinConf, AddLocked, IncludeEmpty, WatchOnly, IncludeImmature],
        Results =
        [
            Result.Arr("", "",
                Result.Obj("", "",
                    Result.Bool("involvesWatchonly",
                        "There if it is watched only, in wallets that tell the difference.", optional: true),
                    Result.Amount("amount", "The sum in DASH."),
                    Result.Num("confirmations", "Confirmations of the latest payment that counts."),
                    Result.Str("label", "The label."))),
        ],
        Examples = [Example.Cli(), Example.Cli("6 true"), Example.Rpc("6, true, true"), Example.Rpc("6, true, true, true")],
        Lane = RpcLane.Heavy,
        Reflects = WholeWallet.StateAsync,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var includeImmature = call.Get(IncludeImmature);
        using var view = call.OpenView(wallet);
        var minConf = call.Get(MinConf);
        var addLocked = call.Get(AddLocked);
        var includeEmpty = call.Get(IncludeEmpty);
        call.Get(WatchOnly);
        var sums = Received.ByAddress(view, only: null, minConf, addLocked, includeImmature, ct);

        // In the order of the labels' bytes.
        var byLabel = new SortedDictionary<string, ReceivedSum>(CodePointOrder.Instance);
        foreach (var (payee, label) in Received.Named(view.Snapshot))
        {
            var sum = sums.GetValueOrDefault(payee);
            if (sum is null && !includeEmpty)
            {
                continue;
            }

            if (!byLabel.TryGetValue(label, out var total))
            {
                byLabel.Add(label, total = new ReceivedSum());
            }

            total.Add(sum ?? new ReceivedSum());
        }

        result.WriteStartArray();
        foreach (var (label, sum) in byLabel)
        {
            result.WriteStartObject();
            result.WriteAmount("amount", sum.Amount);
            result.WriteNumber("confirmations", sum.Confirmations);
            result.WriteString("label", label);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }
}
