using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class GetReceivedByLabel
{
    private static readonly RpcArg<string> Label = Arg.Str("label", "The label; the empty text is the default one.");
    private static readonly RpcArg<int> MinConf = Received.MinConf();
    private static readonly RpcArg<bool> AddLocked = Received.AddLocked();
    private static readonly RpcArg<bool> IncludeImmature = Received.IncludeImmature();

    public static readonly WalletMethod Method = new("wallet", "getreceivedbylabel",
        "What the addresses under a label have received in all, spent or not.")
    {
        Args = [Label, MinConf, AddLocked, IncludeImmature],
        Results = [Result.Amount("amount", "The sum in DASH.")],
        Examples =
        [
            Example.Cli("Under the default label, in blocks", "\"\""),
            Example.Cli("Unconfirmed payments too", "\"tabby\" 0"),
            Example.Rpc("The same over HTTP", "\"tabby\", 6"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        using var view = call.OpenView(wallet);
        var label = call.GetLabel(Label);
        var snapshot = view.Snapshot;
        var addresses = snapshot.AddressBook.Named().Where(note => note.Value.Label == label).Select(static note => note.Key).ToHashSet();
        var outputs = Received.Outputs(view, null, call.Get(MinConf), call.Get(AddLocked), call.Get(IncludeImmature), ct);
        result.WriteAmountValue(outputs
            .Where(found => Received.IsPaid(found.Script, out var payee) && addresses.Contains(payee))
            .Aggregate(Amount.Zero, static (sum, found) => sum + found.Value));
    }
}
