using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class SetWalletFlag
{
    private const WalletFlags Mutable = WalletFlags.AvoidReuse;

    private static readonly Dictionary<string, WalletFlags> Names = new(StringComparer.Ordinal)
    {
        ["avoid_reuse"] = WalletFlags.AvoidReuse,
        ["blank"] = WalletFlags.Blank,
        ["key_origin_metadata"] = WalletFlags.KeyOriginMetadata,
        ["last_hardened_xpub_cached"] = WalletFlags.LastHardenedXpubCached,
        ["disable_private_keys"] = WalletFlags.DisablePrivateKeys,
        ["descriptor_wallet"] = WalletFlags.Descriptors,
        ["external_signer"] = WalletFlags.ExternalSigner,
    };

    private static readonly RpcArg<string> Flag = Arg.Str("flag", "Which flag. Those that can be changed: avoid_reuse");
    private static readonly RpcArg<bool> Value = Arg.Bool("value", fallback: true, "What it is to be.");

    public static readonly WalletMethod Method = new("wallet", "setwalletflag", "Changes a flag of the wallet.")
    {
        Args = [Flag, Value],
        Results =
        [
            Result.Obj(
                Result.Str("flag_name", "The flag."),
                Result.Bool("flag_state", "What it is now."),
                Result.Str("warnings", "What the user should know.", optional: true)),
        ],
        Examples = [Example.Cli("avoid_reuse"), Example.Rpc("\"avoid_reuse\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var name = call.Get(Flag);
        var value = call.Get(Value);
        if (!Names.TryGetValue(name, out var flag))
        {
            throw Refused("Unknown wallet flag: " + name);
        }

        if (!Mutable.HasFlag(flag))
        {
            throw Refused("Wallet flag is immutable: " + name);
        }

        await wallet.ChangeAsync(state => Decide(state.Snapshot.Flags, flag, value, name), ct);
        result.WriteStartObject();
        result.WriteString("flag_name", name);
        result.WriteBoolean("flag_state", value);
        if (value)
        {
            result.WriteString(
                "warnings",
                "You need to rescan the blockchain in order to correctly mark used destinations in the past. Until this is " +
                "done, some destinations may be considered unused, even if the opposite is the case.");
        }

        result.WriteEndObject();
    }

    private static Decision<bool> Decide(WalletFlags before, WalletFlags flag, bool value, string name)
    {
        var after = value ? before | flag : before & ~flag;
        return after != before
            ? new Decision<bool>(new ChangeSet { Flags = after }, value)
            : throw Refused($"Wallet flag is already set to {(value ? "true" : "false")}: {name}");
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
