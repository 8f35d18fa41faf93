using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class UnloadWallet
{
    private static readonly RpcArg<string?> Name = Arg.OptionalStr("wallet_name",
        "The wallet's name. Given in the path as well, both must be the same.", hint: "the wallet name from the RPC endpoint");

    private static readonly RpcArg<bool?> LoadOnStartup = WalletArgs.LoadOnStartup();

    public static readonly WalletMethod Method = new("wallet", "unloadwallet",
        "Unloads the wallet that the path or the argument names.")
    {
        Args = [Name, LoadOnStartup],
        Results = [Result.Obj(Result.Str("warning", "What the user should know."))],
        Examples = [Example.Cli("wallet_name"), Example.Rpc("\"wallet_name\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.WalletName is { } inPath && call.Has(Name) && call.Get(Name) != inPath)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "RPC endpoint wallet and wallet_name parameter specify different wallets");
        }

        var name = call.WalletName ?? call.Raw(Name).AsStr();
        var wallet = call.Context.Wallets.Find(name) ?? throw WalletCall.NotLoaded();
        RescanState.RequireNone(call, wallet);
        var warnings = await call.Context.Wallets.UnloadAsync(name, call.Get(LoadOnStartup));
        result.WriteStartObject();
        result.WriteString("warning", string.Join('\n', warnings));
        result.WriteEndObject();
    }
}
