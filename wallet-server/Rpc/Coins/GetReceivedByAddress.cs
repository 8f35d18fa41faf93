using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Coins;

internal static class GetReceivedByAddress
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "An address of the wallet.");
    private static readonly RpcArg<int> MinConf = Received.MinConf();
    private static readonly RpcArg<bool> AddLocked = Received.AddLocked();
    private static readonly RpcArg<bool> IncludeImmature = Received.IncludeImmature();

    public static readonly WalletMethod Method = new("wallet", "getreceivedbyaddress",
        "What an address has received in all, spent or not.")
    {
        Args = [Address, MinConf, AddLocked, IncludeImmature],
        Results = [Result.Amount("amount", "The sum in DASH.")],
        Examples =
        [
            Example.Cli("In blocks", $"\"{Example.Address}\""),
            Example.Cli("Unconfirmed payments too", $"\"{Example.Address}\" 0"),
            Example.Cli("With 6 confirmations at least", $"\"{Example.Address}\" 6"),
            Example.Rpc("The same over HTTP", $"\"{Example.Address}\", 6"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        using var view = call.OpenView(wallet);
        var script = WalletCall.RequireDestination(call.Get(Address), view.Snapshot).ToScript();
        if (!view.Snapshot.IsMine(script))
        {
            throw new RpcError(RpcErrorCode.Wallet, "Address not found in wallet");
        }

        var outputs = Received.Outputs(view, script, call.Get(MinConf), call.Get(AddLocked), call.Get(IncludeImmature), ct);
        result.WriteAmountValue(outputs.Aggregate(Amount.Zero, static (sum, found) => sum + found.Value));
    }
}
