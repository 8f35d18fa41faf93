using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class GetAddressInfo
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "The address.");

    public static readonly WalletMethod Method = new("wallet", "getaddressinfo",
        "What the wallet knows of an address.\nSome members are there only for addresses of the wallet.")
    {
        Args = [Address],
        Results =
        [
            Result.Obj(
                Result.Str("address", "The address."),
                Result.Hex("scriptPubKey", "The script that pays it."),
                Result.Bool("ismine", "Whether it is the wallet's own."),
                Result.Bool("solvable", "Whether the wallet knows how to spend what it gets, apart from private keys."),
                Result.Str("desc", "The descriptor of this address, where it is solvable.", optional: true),
                Result.Str("parent_desc", "The descriptor of the wallet that it comes from.", optional: true),
                Result.Bool("iswatchonly", "Whether it is watched only, in wallets that tell the difference."),
                Result.Bool("isscript", "Whether it is the address of a script."),
                Result.Str("script",
                    "Form of the script behind it, where known: nonstandard, pubkey, pubkeyhash, scripthash, multisig, nulldata.",
                    optional: true),
                Result.Hex("hex", "The script behind it, where known.", optional: true),
                Result.Arr("pubkeys",
                    "The keys of a known multisig script.", Result.Str("pubkey", "")) with { IsOptional = true },
                Result.Arr("addresses",
                    "The addresses of these keys.", Result.Str("address", "")) with { IsOptional = true },
                Result.Num("sigsrequired", "How many signatures a known multisig script asks for.", optional: true),
                Result.Hex("pubkey", "The public key, where known.", optional: true),
                Result.Obj("embedded", "About the address behind it, where there is one.",
                    Result.Elision("As for an address of its own, without times, paths and relation to the wallet.")) with { IsOptional = true },
                Result.Bool("iscompressed", "Whether the public key is compressed.", optional: true),
                Result.Bool("ischange", "Whether it was given out for change."),
                Result.Time("timestamp", "Birth of the key, seconds since 1970.", optional: true),
                Result.Str("hdkeypath", "Path of the key.", optional: true),
                Result.Hex("hdmasterfingerprint", "Fingerprint of the key the path starts at.", optional: true),
                Result.Arr("labels",
                    "The labels of the address: none or one.", Result.Str("label name", "The label."))),
        ],
        Examples = [Example.Cli($"\"{Example.Address}\""), Example.Rpc($"\"{Example.Address}\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var snapshot = call.SnapshotOf(call.Wallet());
        if (!AddressCodec.TryDecode(call.Get(Address), snapshot.Chain.Prefixes, out var destination, out var error))
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, error.Length > 0 ? error : "Invalid address");
        }

        var address = AddressCodec.Encode(destination, snapshot.Chain.Prefixes);
        var script = destination.ToScript();
        var details = AddressDetails.Of(snapshot, script);

        result.WriteStartObject();
        result.WriteString("address", address);
        result.WriteHex("scriptPubKey", script.Span);
        result.WriteBoolean("ismine", details.IsMine);
        result.WriteBoolean("solvable", details.IsSolvable);
        if (details.Descriptor is { } descriptor)
        {
            result.WriteString("desc", descriptor);
        }

        if (details.Keychain is { } parent)
        {
            result.WriteString("parent_desc", parent.ToPublicText());
        }

        result.WriteBoolean("iswatchonly", false);
        WriteDetail(result, destination, details, snapshot);
        result.WriteBoolean("ischange", details.IsChange);
        WriteOrigin(result, destination, details);
        result.WriteStrings("labels", details.Label is { } label ? [label] : []);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WriteDetail(
        Utf8JsonWriter result, Destination destination, AddressDetails details, WalletSnapshot snapshot)
    {
        result.WriteBoolean("isscript", destination is Destination.ScriptHash);
        if (KeyOf(destination, details) is { } key)
        {
            result.WriteHex("pubkey", key.Key.Bytes);
            result.WriteBoolean("iscompressed", key.Key.IsCompressed);
        }
        else if (destination is Destination.ScriptHash && details.RedeemScript is { } behind)
        {
            WriteScriptBehind(result, behind, details, snapshot);
        }
    }

    private static void WriteScriptBehind(
        Utf8JsonWriter result, Script behind, AddressDetails details, WalletSnapshot snapshot)
    {
        var solution = ScriptTemplates.Solve(behind);
        result.WriteString("script", ScriptTemplates.Name(solution.Kind));
        result.WriteHex("hex", behind.Span);
        if (Destination.FromScript(behind) is not Destination.None and var embedded)
        {
            // As in Core: what pays a bare key is not asked for the key of an address.
            details = solution.Kind == ScriptKind.PubKey ? details with { Key = null } : details;
            if (KeyOf(embedded, details) is { } key)
            {
                result.WriteHex("pubkey", key.Key.Bytes);
            }

            result.WriteStartObject("embedded");
            WriteDetail(result, embedded, details, snapshot);
            result.WriteString("address", AddressCodec.Encode(embedded, snapshot.Chain.Prefixes));
            result.WriteHex("scriptPubKey", behind.Span);
            result.WriteEndObject();
        }
        else if (solution.Kind == ScriptKind.Multisig)
        {
            result.WriteStrings("pubkeys", solution.Data.Select(data => Convert.ToHexStringLower(data.Span)));
            result.WriteStrings("addresses", solution.Data.Select(data => AddressOf(data, snapshot)));
            result.WriteNumber("sigsrequired", solution.Required);
        }
    }

    private static string AddressOf(ReadOnlyMemory<byte> key, WalletSnapshot snapshot) =>
        PublicKey.TryParse(key.Span, out var parsed)
            ? AddressCodec.Encode(new Destination.PubKeyHash(parsed.Id), snapshot.Chain.Prefixes)
            : "";

    private static void WriteOrigin(Utf8JsonWriter result, Destination destination, AddressDetails details)
    {
        if (details.Keychain is { } keychain && KeyOf(destination, details) is { } key)
        {
            result.WriteNumber("timestamp", keychain.CreationTime);
            result.WriteString("hdkeypath", key.Origin.PathText);
            result.WriteString("hdmasterfingerprint", key.Origin.FingerprintHex);
        }
    }

    private static DerivedKey? KeyOf(Destination destination, AddressDetails details) =>
        destination is Destination.PubKeyHash { KeyId: var id } && details.Key is { } key && key.Key.Id == id ? key : null;
}
