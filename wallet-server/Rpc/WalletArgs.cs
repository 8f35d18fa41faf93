using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc;

/// <summary>Arguments that several methods have.</summary>
internal static class WalletArgs
{
    /// <summary>
    /// Whether watched addresses count. In a wallet of descriptors every own address counts in any case, so it is read
    /// for its type only.
    /// </summary>
    public static RpcArg<bool?> IncludeWatchOnly(string description) =>
        Arg.OptionalBool("include_watchonly", description, hint: "true for watch-only wallets, otherwise false");

    /// <summary>Whether a wallet is loaded at the next start.</summary>
    public static RpcArg<bool?> LoadOnStartup() => Arg.OptionalBool("load_on_startup",
        "True puts the wallet on the list of those loaded at the start, false takes it off, null leaves the list alone.");

    /// <summary>An output: an object with <c>txid</c> and <c>vout</c>, which may have more members.</summary>
    /// <exception cref="RpcError">Code -3 for a wrong type, -8 for a wrong value.</exception>
    public static OutPoint ReadOutPoint(JsonElement value)
    {
        value.AsObject();
        var txid = Member(value, "txid", JsonValueKind.String, "string");
        var vout = Member(value, "vout", JsonValueKind.Number, "number");
        var hash = txid.AsHash("txid");
        var index = vout.AsInt();
        return index >= 0
            ? new OutPoint(new Txid(hash), (uint)index)
            : throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, vout cannot be negative");
    }

    private static JsonElement Member(JsonElement value, string name, JsonValueKind kind, string expected)
    {
        var member = value.Find(name);
        if (member.IsAbsent())
        {
            throw new RpcError(RpcErrorCode.Type, $"Missing {name}");
        }

        return member.ValueKind == kind
            ? member
            : throw new RpcError(
                RpcErrorCode.Type,
                $"JSON value of type {JsonValues.TypeName(member)} for field {name} is not of expected type {expected}");
    }
}
