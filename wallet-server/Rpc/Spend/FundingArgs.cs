using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>How the methods that add inputs and change describe what they take.</summary>
internal static class FundingArgs
{
    /// <summary>The outputs of a new transaction.</summary>
    public static RpcArg<JsonElement> Outputs() => Arg.Any("outputs", ArgKind.Array,
        "What is paid, each address once. An object with all of them is accepted too.",
        Arg.ObjectUserKeys("", "", Arg.Amount("address", "An address, and the amount in DASH it gets.")),
        Arg.Object("", "", Arg.Hex("data", "Bytes for an output that nobody can spend, in hex.")));

    /// <summary>Inputs that are to be spent in any case.</summary>
    public static RpcArg<JsonElement> Inputs() => Arg.OptionalAny("inputs", ArgKind.Array,
        "Outputs that are to be spent. Without any, coins are chosen.",
        Arg.Object("", "",
            Arg.Hash("txid", "The transaction's id."),
            Arg.Int("vout", "Which of its outputs."),
            Arg.OptionalLong("sequence", "The sequence number.", hint: "depends on the value of the 'locktime' argument"),
            Arg.OptionalInt("size", "Bytes of the input once signed, if the wallet cannot know.",
                hint: "Calculated from wallet and solving data")));

    /// <summary>The options of the older methods, for the picture in help.</summary>
    /// <param name="addsInputs">What the option of that name is by itself.</param>
    /// <param name="rateHint">What an absent feeRate means.</param>
    /// <param name="more">What only one of the methods takes.</param>
    public static RpcArg[] Older(bool addsInputs, string rateHint, params IReadOnlyList<RpcArg> more) =>
    [
        AddInputs(addsInputs),
        IncludeUnsafe(),
        ChangeAddress("changeAddress"),
        ChangePosition("changePosition"),
        IncludeWatching("includeWatching"),
        LockUnspents("lockUnspents"),
        Rate(),
        Arg.OptionalAmount("feeRate", "A fee rate in DASH per 1,000 bytes.", hint: rateHint),
        SubtractFrom("subtractFeeFromOutputs"),
        .. more,
        FeeArgs.ConfirmTarget,
        FeeArgs.EstimateMode,
        SolvingData(),
    ];

    /// <summary>Whether coins are added to the inputs given.</summary>
    public static RpcArg AddInputs(bool fallback) =>
        Arg.Bool("add_inputs", fallback, "Add coins where the inputs given do not suffice.");

    /// <summary>Whether unsure coins count.</summary>
    public static RpcArg IncludeUnsafe() => Arg.Bool("include_unsafe", fallback: false,
        "Use unconfirmed money of others too. What is made of it can become invalid.");

    /// <summary>Where change goes, under one of its names.</summary>
    public static RpcArg ChangeAddress(string name) => Arg.OptionalStr(name, "Where change goes.", hint: "automatic");

    /// <summary>The place of change, under one of its names.</summary>
    public static RpcArg ChangePosition(string name) => Arg.OptionalInt(name, "Place of the change output.", hint: "in BIP69's order");

    /// <summary>Whether watched coins count, under one of its names.</summary>
    public static RpcArg IncludeWatching(string name) => Arg.OptionalBool(
        name, "Use coins that can only be watched.", hint: "true for watch-only wallets, otherwise false");

    /// <summary>Whether the coins are set aside, under one of its names.</summary>
    public static RpcArg LockUnspents(string name) => Arg.Bool(name, fallback: false, "Set the coins aside.");

    /// <summary>The fee rate in duffs per byte.</summary>
    public static RpcArg Rate() =>
        Arg.OptionalFeeRate("fee_rate", "A fee rate in duffs per byte.", hint: "not set, fall back to wallet fee estimation");

    /// <summary>Who bears the fee, under one of its names.</summary>
    public static RpcArg SubtractFrom(string name) => Arg.OptionalArray(
        name, "Places of outputs that share the fee, before change is added.", Arg.Int("vout_index", "A place, from 0.")) with { DefaultText = "[]" };

    /// <summary>What is known of foreign scripts.</summary>
    public static RpcArg SolvingData() => Arg.OptionalObject("solving_data", "What is known of scripts that are not the wallet's, for their inputs' sizes.",
        Arg.OptionalArray("pubkeys", "Public keys.", Arg.Str("pubkey", "In hex.")) with { DefaultText = "[]" },
        Arg.OptionalArray("scripts", "Scripts behind hashes.", Arg.Str("script", "In hex.")) with { DefaultText = "[]" },
        Arg.OptionalArray("descriptors", "Descriptors.", Arg.Str("descriptor", "With checksum.")) with { DefaultText = "[]" });

    /// <summary>Whether an argument has the wanted JSON type, where it is there.</summary>
    /// <exception cref="RpcError">Code -3.</exception>
    public static void RequireType(WalletCall call, RpcArg arg, string type)
    {
        var value = call.Raw(arg);
        if (!value.IsAbsent() && JsonValues.TypeName(value) != type)
        {
            throw JsonValues.TypeError(value, type);
        }
    }
}
