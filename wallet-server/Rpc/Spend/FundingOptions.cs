using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>The options with which inputs and change are added to a transaction, as several methods take them.</summary>
internal sealed class FundingOptions
{
    // Outpoint, sequence and the length of an empty script.
    private const int SmallestInput = 41;

    private static readonly SortedDictionary<string, string?> Types = new(StringComparer.Ordinal)
    {
        ["add_inputs"] = "bool",
        ["add_to_wallet"] = "bool",
        ["changeAddress"] = "string",
        ["changePosition"] = "number",
        ["change_address"] = "string",
        ["change_position"] = "number",
        ["conf_target"] = "number",
        ["estimate_mode"] = "string",
        ["feeRate"] = null,
        ["fee_rate"] = null,
        ["includeWatching"] = "bool",
        ["include_unsafe"] = "bool",
        ["include_watching"] = "bool",
        ["input_sizes"] = "array",
        ["inputs"] = "array",
        ["lockUnspents"] = "bool",
        ["lock_unspents"] = "bool",
        ["locktime"] = "number",
        ["psbt"] = "bool",
        ["solving_data"] = "object",
        ["subtractFeeFromOutputs"] = "array",
        ["subtract_fee_from_outputs"] = "array",
    };

    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly JsonElement _given;

    /// <summary>Takes options as they came: an object, or absent.</summary>
    public FundingOptions(JsonElement given)
    {
        _given = given;
        if (given.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in given.EnumerateObject())
            {
                _values.TryAdd(member.Name, member.Value);
            }
        }
    }

    /// <summary>How the payment is to be made.</summary>
    public CoinControl Control { get; private set; } = CoinControl.Default;

    /// <summary>Places of outputs that bear the fee.</summary>
    public IReadOnlySet<int> Bearers { get; private set; } = new HashSet<int>();

    /// <summary>Set the coins aside.</summary>
    public bool LocksCoins { get; private set; }

    /// <summary>The member is there, if only as null.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A member; <c>default</c> if it is not there.</summary>
    public JsonElement this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Sets a member that the caller gave in another place.</summary>
    public void Set(string name, JsonElement value) => _values[name] = value;

    /// <summary>Takes the sizes of inputs over from where the inputs stand.</summary>
    /// <exception cref="RpcError">Code -8: they are in the options too.</exception>
    public void TakeSizes(JsonElement inputs)
    {
        if (Has("input_sizes"))
        {
            throw Refused("Input sizes should be specified in inputs rather than in options.");
        }

        if (inputs.ValueKind == JsonValueKind.Array)
        {
            SizedInputs = [.. inputs.EnumerateArray().Where(static input => input.Find("size").ValueKind != JsonValueKind.Undefined)];
        }
    }

    private IReadOnlyList<JsonElement>? SizedInputs { get; set; }

    /// <summary>Reads all of them.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="tx">The transaction to be funded.</param>
    /// <param name="addsInputs">Whether coins are added when the options do not say.</param>
    /// <param name="overridesMinimum">The caller's fee rate counts even if it is below what is required.</param>
    /// <exception cref="RpcError">Code -3, -5 or -8.</exception>
    public void Read(WalletSnapshot wallet, Transaction tx, bool addsInputs, bool overridesMinimum)
    {
        var control = CoinControl.Default with { AllowOtherInputs = addsInputs, IncludeWatching = wallet.IsWatchOnly };
        var position = -1;
        JsonElement bearers = default;
        if (_given.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            control = control with { IncludeWatching = _given.AsBool() };
        }
        else if (!_given.IsAbsent() || _values.Count > 0)
        {
            if (!_given.IsAbsent())
            {
                _given.AsObject();
            }

            RequireTypes();
            (control, position) = ReadControl(wallet, control, overridesMinimum);
            bearers = Either("subtract_fee_from_outputs", "subtractFeeFromOutputs");
        }

        control = control with { SolvingData = ReadSolvingData(wallet), InputSizes = ReadSizes() };
        if (tx.Outputs.IsEmpty)
        {
            throw Refused("TX must have at least one output");
        }

        if (position != -1 && (position < 0 || position > tx.Outputs.Length))
        {
            throw Refused("changePosition out of bounds");
        }

        Bearers = ReadBearers(bearers, tx.Outputs.Length);
        Control = control with { ChangePosition = position };
    }

    private (CoinControl Control, int Position) ReadControl(WalletSnapshot wallet, CoinControl control, bool overridesMinimum)
    {
        var position = -1;
        if (Has("add_inputs"))
        {
            control = control with { AllowOtherInputs = this["add_inputs"].AsBool() };
        }

        if (Has("changeAddress") || Has("change_address"))
        {
            var change = WalletCall.RequireDestination(
                Either("change_address", "changeAddress").AsStr(), wallet, "Change address must be a valid Dash address");
            control = control with { ChangeScript = change.ToScript() };
        }

        if (Has("changePosition") || Has("change_position"))
        {
            position = Either("change_position", "changePosition").AsInt();
        }

        var watching = Either("include_watching", "includeWatching");
        control = control with { IncludeWatching = watching.IsAbsent() ? wallet.IsWatchOnly : watching.AsBool() };
        if (Has("lockUnspents") || Has("lock_unspents"))
        {
            LocksCoins = Either("lock_unspents", "lockUnspents").AsBool();
        }

        if (Has("include_unsafe"))
        {
            control = control with { IncludeUnsafe = this["include_unsafe"].AsBool() };
        }

        if (Has("feeRate"))
        {
            control = control with { FeeRate = ReadOldRate(), OverrideFeeRate = true };
        }

        if (Has("subtractFeeFromOutputs") || Has("subtract_fee_from_outputs"))
        {
            Either("subtract_fee_from_outputs", "subtractFeeFromOutputs").AsArray();
        }

        return (FeeArgs.Read(this["conf_target"], this["estimate_mode"], this["fee_rate"], control, overridesMinimum), position);
    }

    // DASH for 1,000 bytes.
    private FeeRate ReadOldRate()
    {
        if (Has("fee_rate"))
        {
            throw Refused("Cannot specify both fee_rate (duff/B) and feeRate (DASH/kB)");
        }

        if (Has("conf_target"))
        {
            throw Refused(
                "Cannot specify both conf_target and feeRate. Please provide either a confirmation target in blocks for " +
                "automatic fee estimation, or an explicit fee rate.");
        }

        return Has("estimate_mode")
            ? throw Refused("Cannot specify both estimate_mode and feeRate")
            : new FeeRate(this["feeRate"].AsAmount().Duffs);
    }

    private void RequireTypes()
    {
        foreach (var (name, type) in Types)
        {
            var value = this[name];
            if (type is not null && !value.IsAbsent() && JsonValues.TypeName(value) != type)
            {
                throw new RpcError(
                    RpcErrorCode.Type,
                    $"JSON value of type {JsonValues.TypeName(value)} for field {name} is not of expected type {type}");
            }
        }

        foreach (var name in _values.Keys)
        {
            if (!Types.ContainsKey(name))
            {
                throw new RpcError(RpcErrorCode.Type, "Unexpected key " + name);
            }
        }
    }

    private SolvingData ReadSolvingData(WalletSnapshot wallet)
    {
        var known = new SolvingData();
        if (!Has("solving_data"))
        {
            return known;
        }

        var given = this["solving_data"].AsObject();
        foreach (var text in Texts(given, "pubkeys"))
        {
            var bytes = HexOf(text);
            known.Add(PublicKey.TryParse(bytes, out var key)
                ? key
                : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, $"'{text}' is not a valid public key"));
        }

        foreach (var text in Texts(given, "scripts"))
        {
            known.Add(new Script(HexOf(text)));
        }

        foreach (var text in Texts(given, "descriptors"))
        {
            using var keys = new DescriptorKeys();
            if (!Descriptor.TryParse(text, wallet.Chain.Prefixes, requireChecksum: true, keys, out var descriptor, out var error))
            {
                throw Refused($"Unable to parse descriptor '{text}': {error}");
            }

            if (descriptor.TryExpand(0, keys, out var expansion))
            {
                known.Add(expansion);
            }
        }

        return known;
    }

    private static IEnumerable<string> Texts(JsonElement given, string name)
    {
        var list = given.Find(name);
        return list.ValueKind == JsonValueKind.Undefined ? [] : [.. list.AsArray().EnumerateArray().Select(static item => item.AsStr())];
    }

    private static byte[] HexOf(string text) => text.Length > 0 && Hex.TryDecode(text, out var bytes)
        ? bytes
        : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, $"'{text}' is not hex");

    private System.Collections.Immutable.ImmutableDictionary<OutPoint, int> ReadSizes()
    {
        var sizes = System.Collections.Immutable.ImmutableDictionary<OutPoint, int>.Empty;
        IEnumerable<JsonElement> inputs = SizedInputs ?? (Has("input_sizes") ? [.. this["input_sizes"].AsArray().EnumerateArray()] : []);
        foreach (var input in inputs)
        {
            var txid = new Txid((input.ValueKind == JsonValueKind.Object ? input.Find("txid") : default).AsHash("txid"));
            var vout = input.Find("vout"); // an object: it has a txid
            if (vout.ValueKind != JsonValueKind.Number)
            {
                throw Refused("Invalid parameter, missing vout key");
            }

            var index = vout.AsInt();
            if (index < 0)
            {
                throw Refused("Invalid parameter, vout cannot be negative");
            }

            var size = input.Find("size");
            if (size.ValueKind != JsonValueKind.Number)
            {
                throw Refused("Invalid parameter, missing size key");
            }

            sizes = sizes.SetItem(new OutPoint(txid, (uint)index), size.AsLong() switch
            {
                < SmallestInput => throw Refused(
                    "Invalid parameter, size cannot be less than 41 bytes (size of outpoint + sequence + empty scriptSig)"),
                > TransactionBuilder.MaxSize => throw Refused(
                    $"Invalid parameter, size cannot be greater than the maximum standard tx size of {TransactionBuilder.MaxSize}"),
                var bytes => (int)bytes,
            });
        }

        return sizes;
    }

    private static HashSet<int> ReadBearers(JsonElement list, int outputs)
    {
        HashSet<int> bearers = [];
        if (list.ValueKind != JsonValueKind.Array)
        {
            return bearers;
        }

        foreach (var item in list.EnumerateArray())
        {
            var place = item.AsInt();
            if (bearers.Contains(place))
            {
                throw Refused($"Invalid parameter, duplicated position: {place}");
            }

            if (place < 0)
            {
                throw Refused($"Invalid parameter, negative position: {place}");
            }

            if (place >= outputs)
            {
                throw Refused($"Invalid parameter, position too large: {place}");
            }

            bearers.Add(place);
        }

        return bearers;
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);

    private JsonElement Either(string name, string older) => Has(name) ? this[name] : this[older];
}
