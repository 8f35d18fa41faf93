using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Legacy;

/// <summary>
/// Methods of wallets without descriptors. There are no such wallets here, so each refuses, as in a Dash Core built without
/// Berkeley DB: after the checks that come before that.
/// </summary>
internal static class LegacyMethods
{
    private const string Only = "\nOnly for wallets without descriptors, which do not exist here: it is always refused.";

    private static readonly RpcArg<JsonElement> Rescan = Optional("rescan", ArgKind.Bool, "Look at old blocks again.", "true");

    // What one request of importmulti may have.
    private static readonly RpcArg[] Request =
    [
        Optional("desc", ArgKind.Str, "A descriptor."),
        Required("scriptPubKey", ArgKind.Str, "A script, or an address.") with
        {
            ValueText = "\"<script>\" | { \"address\":\"<address>\" }",
            TypeText = "string / json",
        },
        Required("timestamp", ArgKind.Num, "Since when it may have been used, seconds since 1970, or \"now\".") with
        {
            ValueText = "timestamp | \"now\"",
            TypeText = "integer / string",
        },
        Optional("redeemscript", ArgKind.Str, "The script behind a hash."),
        Arg.OptionalArray("pubkeys", "Public keys.", Arg.Str("pubKey", "In hex.")) with { DefaultText = "[]" },
        Arg.OptionalArray("keys", "Private keys.", Arg.Str("key", "A key.")) with { DefaultText = "[]" },
        Optional("range", ArgKind.Range, "Of a ranged descriptor, which places."),
        Optional("internal", ArgKind.Bool, "For change.", "false"),
        Optional("watchonly", ArgKind.Bool, "Watched only.", "false"),
        Optional("label", ArgKind.Str, "A label.", "\"\""),
        Optional("keypool", ArgKind.Bool, "Into the keypool.", "false"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<WalletMethod> All { get; } =
    [
        Method("addmultisigaddress", "Adds an address that several keys are needed for.",
            [
                Required("nrequired", ArgKind.Num, "How many of the keys are needed."),
                Arg.Any("keys", ArgKind.Array, "The keys.", Arg.Str("key", "An address or a public key in hex.")),
                Optional("label", ArgKind.Str, "A label."),
            ],
            results: Result.Obj(
                Result.Str("address", "The address."), Result.Hex("redeemScript", "The script behind it."), Result.Str("descriptor", "Its descriptor."))),
        Method("dumphdinfo", "Shows what the wallet's keys derive from.", [], RequireUnlocked,
            results: Result.Obj(
                Result.Hex("hdseed", "The seed."), Result.Str("mnemonic", "The words."), Result.Str("mnemonicpassphrase", "What goes with them."))),
        Method("dumpprivkey", "Shows the private key of an address.", [Required("address", ArgKind.Str, "The address.")],
            results: Result.Str("key", "The key.")),
        Method("dumpwallet", "Writes all keys to a file.", [Required("filename", ArgKind.Str, "The file.")],
            results: Result.Obj(
                Result.Num("keys", "How many."), Result.Str("filename", "The file, absolute."), Result.Str("warning", "That keys are in it."))),
        Method("importaddress", "Watches an address or a script.",
            [
                Required("address", ArgKind.Str, "The address, or the script in hex."),
                Optional("label", ArgKind.Str, "A label.", "\"\""),
                Rescan,
                Optional("p2sh", ArgKind.Bool, "Watch the script's hash too.", "false"),
            ]),
        Method("importelectrumwallet", "Takes keys in from a file of Electrum's.",
            [Required("filename", ArgKind.Str, "The file."), Optional("index", ArgKind.Num, "Rescan from this height.", "0")],
            wallet => RequireSecrets(wallet, "Error: Private keys are disabled for this wallet")),
        Method("importmulti", "Takes addresses, scripts and keys in.",
            [
                Arg.Any("requests", ArgKind.Array, "What to take in.", Arg.Object("", "", Request)) with { OneLine = "\"requests\"" },
                Arg.OptionalAny("options", ArgKind.Object, "How.", Arg.Bool("rescan", fallback: true, "Look at old blocks again.")) with
                {
                    OneLine = "\"options\"",
                },
            ],
            requireTypes: static call =>
            {
                _ = call.Arguments[0].AsArray();
                if (call.Arguments.Count > 1)
                {
                    _ = call.Arguments[1].AsObject();
                }
            },
            results: Result.Arr("", "As many as requests.", Result.Obj("", "",
                Result.Bool("success", "Whether it was taken in."),
                Result.Arr("warnings", "What to know.", Result.Str("", "A warning.")) with { IsOptional = true },
                Result.Obj("error", "Why not.", Result.Elision("JSONRPC error")) with { IsOptional = true }))),
        Method("importprivkey", "Takes a private key in.",
            [Required("privkey", ArgKind.Str, "The key."), Optional("label", ArgKind.Str, "A label.", "current label if address exists, otherwise \"\""), Rescan],
            wallet => RequireSecrets(wallet, "Cannot import private keys to a wallet with private keys disabled")),
        Method("importpubkey", "Watches a public key.",
            [Required("pubkey", ArgKind.Str, "The key in hex."), Optional("label", ArgKind.Str, "A label.", "\"\""), Rescan]),
        Method("importwallet", "Takes keys in from a file.", [Required("filename", ArgKind.Str, "The file.")]),
        Method("newkeypool", "Throws keys away that were made and not given out, and makes new ones.", []),
        Method("sethdseed", "Sets what new keys derive from.",
            [
                Optional("newkeypool", ArgKind.Bool, "Throw keys away that were not given out.", "true"),
                Optional("seed", ArgKind.Str, "A private key as seed.", "random seed"),
            ]),
    ];

    private static WalletMethod Method(
        string name, string description, IReadOnlyList<RpcArg> args, Action<Wallet>? checks = null,
        Action<WalletCall>? requireTypes = null, RpcResult? results = null) =>
        new("wallet", name, description + Only)
        {
            Args = args,
            Results = [results ?? Result.None("It is refused.")],
            Examples = [Example.Cli(ExampleFor(args))],
            Handler = (call, _, _) =>
            {
                requireTypes?.Invoke(call);
                var wallet = call.Wallet();
                checks?.Invoke(wallet);
                throw new RpcError(RpcErrorCode.Wallet, "Only legacy wallets are supported by this command");
            },
        };

    private static string ExampleFor(IReadOnlyList<RpcArg> args) =>
        string.Join(' ', args.Where(static arg => !arg.IsOptional).Select(static arg => arg.Kind == ArgKind.Num ? "2" : $"\"{arg.FirstName}\""));

    private static RpcArg<JsonElement> Required(string name, ArgKind kind, string description) => Arg.Any(name, kind, description);

    private static RpcArg<JsonElement> Optional(string name, ArgKind kind, string description, string? hint = null) =>
        Arg.OptionalAny(name, kind, description) with { DefaultText = hint };

    private static void RequireUnlocked(Wallet wallet) => WalletCall.RequireUnlocked(wallet);

    private static void RequireSecrets(Wallet wallet, string refusal)
    {
        if (wallet.Snapshot.Flags.HasFlag(WalletFlags.DisablePrivateKeys))
        {
            throw new RpcError(RpcErrorCode.Wallet, refusal);
        }
    }
}
