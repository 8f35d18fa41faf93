using System.Text.Json;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>Whether old blocks are being looked at again for a wallet.</summary>
internal static class RescanState
{
    /// <summary>Refuses while a rescan runs.</summary>
    /// <exception cref="RpcError">Code -4.</exception>
    public static void RequireNone(WalletCall call, Wallet wallet)
    {
        if (call.Context.Sync.RescanOf(wallet) is not null)
        {
            throw new RpcError(
                RpcErrorCode.Wallet, "Wallet is currently rescanning. Abort existing rescan or wait.");
        }
    }

    /// <summary>Writes the member <c>scanning</c>: how far the rescan is, or false.</summary>
    public static void WriteScanning(Utf8JsonWriter writer, WalletCall call, Wallet wallet)
    {
        if (call.Context.Sync.RescanOf(wallet) is not { } rescan)
        {
            writer.WriteBoolean("scanning", false);
            return;
        }

        writer.WriteStartObject("scanning");
        writer.WriteNumber("duration", (long)rescan.Duration.TotalSeconds);
        writer.WriteReal("progress", rescan.Progress);
        writer.WriteEndObject();
    }
}
