using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>
/// What goes around methods for callers that give the passphrase with the call: the secrets are open for that call, and the wallet is as
/// locked for everybody else as it was.
/// </summary>
internal static class OwnKeys
{
    /// <summary>The handler of a method, with this around it.</summary>
    public static RpcHandler<WalletCall> Around(RpcMethod<WalletCall> method)
    {
        var (handler, signs) = (method.Handler, method is WalletMethod { Signs: true });
        return (call, result, ct) => call.Passphrase is null ? handler(call, result, ct)
            : signs ? RunAsync(handler, call, call.Passphrase, result, ct)
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"{call.Method.Name} takes no passphrase beside its arguments");
    }

    private static async ValueTask RunAsync(
        RpcHandler<WalletCall> handler, WalletCall call, string passphrase, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        if (!wallet.Keys.IsEncrypted)
        {
            throw new RpcError(RpcErrorCode.WrongEncryptionState, "Error: a passphrase was given for an unencrypted wallet.");
        }

        using var keys = await wallet.OpenAsideAsync(passphrase, ct);
        await handler(call.With(keys), result, ct);
    }
}
