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

    /// <summary>Members all of them have, for the picture in help.</summary>
    public static IEnumerable<RpcArg> Common(bool isOld)
    {
        yield return Arg.Bool("include_unsafe", fallback: false,
            "Use unconfirmed money of others too. What is made of it can become invalid.");
        yield return Arg.OptionalStr(isOld ? "changeAddress" : "change_address", "Where change goes.", hint: "automatic");
        yield return Arg.OptionalInt(isOld ? "changePosition" : "change_position", "Place of the change output.", hint: "in BIP69's order");
        yield return Arg.OptionalBool(isOld ? "includeWatching" : "include_watching",
            "Use coins that can only be watched.", hint: "true for watch-only wallets, otherwise false");
        yield return Arg.Bool(isOld ? "lockUnspents" : "lock_unspents", fallback: false, "Set the coins aside.");
        yield return Arg.OptionalFeeRate("fee_rate", "A fee rate in duffs per byte.", hint: "not set, fall back to wallet fee estimation");
        if (isOld)
        {
            yield return Arg.OptionalAmount("feeRate", "A fee rate in DASH per 1,000 bytes.",
                hint: "not set, fall back to wallet fee estimation");
        }

        yield return Arg.OptionalArray(isOld ? "subtractFeeFromOutputs" : "subtract_fee_from_outputs",
            "Places of outputs that share the fee, before change is added.", Arg.Int("vout_index", "A place, from 0."));
        yield return FeeArgs.ConfirmTarget;
        yield return FeeArgs.EstimateMode;
        yield return Arg.OptionalObject("solving_data", "What is known of scripts that are not the wallet's, for their inputs' sizes.",
            Arg.OptionalArray("pubkeys", "Public keys.", Arg.Str("pubkey", "In hex.")),
            Arg.OptionalArray("scripts", "Scripts behind hashes.", Arg.Str("script", "In hex.")),
            Arg.OptionalArray("descriptors", "Descriptors.", Arg.Str("descriptor", "With checksum.")));
    }

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
