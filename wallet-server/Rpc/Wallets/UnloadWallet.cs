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
        "Unloads the wallet that the path or the argument names. One that is just being loaded is not.")
    {
        Args = [Name, LoadOnStartup],
        Results = [Result.Obj(Result.Str("warning", "What the user should know."))],
        Examples = [Example.Cli("wallet_name"), Example.Rpc("\"wallet_name\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        call.RefuseShared();
        if (call.WalletName is { } inPath && call.Has(Name) && call.Get(Name) != inPath)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "RPC endpoint wallet and wallet_name parameter specify different wallets");
        }

        var name = call.WalletName ?? call.Raw(Name).AsStr();
        var warnings = await UnloadAsync(call, name);
        result.WriteStartObject();
        result.WriteString("warning", string.Join('\n', warnings));
        result.WriteEndObject();
    }

    private static async ValueTask<IReadOnlyList<string>> UnloadAsync(WalletCall call, string name)
    {
        if (call.Context.Wallets.Find(name) is { } wallet)
        {
            RescanState.RequireNone(call, wallet);
            return await call.Context.Wallets.UnloadAsync(name, call.Get(LoadOnStartup));
        }

        // One that is just being loaded is not.
        return await call.Context.Loads.AbortAsync(name)
            ? call.Context.Wallets.UpdateSetting(name, call.Get(LoadOnStartup))
            : throw WalletCall.NotLoaded();
    }
}
