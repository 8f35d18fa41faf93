using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Reads transactions as callers give them: whole ones in hex, and new ones as inputs and outputs. Node and wallet read
/// them with the same code; errors are Dash Core's.
/// </summary>
public static class TransactionArgs
{
    private const uint Final = uint.MaxValue;
    private const uint FinalButLocked = uint.MaxValue - 1;

    /// <summary>Reads the hex of one whole transaction.</summary>
    public static bool TryParse(string hex, [NotNullWhen(true)] out Transaction? transaction)
    {
        transaction = null;
        return Hex.TryDecode(hex, out var bytes) && Transaction.TryParse(bytes, out transaction);
    }

    /// <summary>The transaction of <c>createrawtransaction</c> and its kin, unsigned.</summary>
    /// <param name="inputs">An array of outputs to spend, or absent.</param>
    /// <param name="outputs">Who gets what: an object, or an array of objects with one member each.</param>
    /// <param name="lockTime">Earliest height or time; 0 for none.</param>
    /// <param name="prefixes">The network's, for addresses.</param>
    /// <exception cref="RpcError">Codes -3, -5, -8.</exception>
    public static Transaction Construct(
        JsonElement inputs, JsonElement outputs, long lockTime, AddressPrefixes prefixes)
    {
        if (outputs.IsAbsent())
        {
            throw Refused("Invalid parameter, output argument must be non-null");
        }

        var spent = inputs.IsAbsent() ? default : inputs.AsArray();
        CheckOutputs(outputs);
        if (lockTime is < 0 or > uint.MaxValue)
        {
            throw Refused("Invalid parameter, locktime out of range");
        }

        return new Transaction(
            inputs.IsAbsent() ? [] : [.. spent.EnumerateArray().Select(input => ReadInput(input, (uint)lockTime))],
            ReadOutputs(outputs, prefixes),
            (uint)lockTime);
    }

    /// <summary>Outputs are an object or an array; absent ones are refused later.</summary>
    /// <exception cref="RpcError">They are something else.</exception>
    public static void CheckOutputs(JsonElement outputs)
    {
        if (outputs.ValueKind != JsonValueKind.Object && !outputs.IsAbsent())
        {
            outputs.AsArray();
        }
    }

    private static TxIn ReadInput(JsonElement input, uint lockTime)
    {
        input.AsObject();
        var txid = new Txid(input.Find("txid").AsHash("txid"));
        var vout = input.Find("vout");
        if (vout.ValueKind != JsonValueKind.Number)
        {
            throw Refused("Invalid parameter, missing vout key");
        }

        var index = vout.AsInt();
        if (index < 0)
        {
            throw Refused("Invalid parameter, vout cannot be negative");
        }

        var sequence = lockTime != 0 ? FinalButLocked : Final;
        if (input.Find("sequence") is { ValueKind: JsonValueKind.Number } given)
        {
            sequence = given.AsLong() is >= 0 and <= Final and var number
                ? (uint)number
                : throw Refused("Invalid parameter, sequence number is out of range");
        }

        return new TxIn(new OutPoint(txid, (uint)index), Script.Empty, sequence);
    }

    private static ImmutableArray<TxOut> ReadOutputs(JsonElement outputs, AddressPrefixes prefixes)
    {
        var paid = ImmutableArray.CreateBuilder<TxOut>();
        HashSet<Destination> payees = [];
        var hasData = false;
        foreach (var (name, value) in Pairs(outputs))
        {
            if (name == "data")
            {
                if (hasData)
                {
                    throw Refused("Invalid parameter, duplicate key: data");
                }

                hasData = true;
                paid.Add(new TxOut(Amount.Zero, ScriptTemplates.NullData(DataOf(value))));
                continue;
            }

            if (!AddressCodec.TryDecode(name, prefixes, out var payee, out _))
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid Dash address: " + name);
            }

            if (!payees.Add(payee))
            {
                throw Refused("Invalid parameter, duplicated address: " + name);
            }

            paid.Add(new TxOut(value.AsAmount(), payee.ToScript()));
        }

        return paid.ToImmutable();
    }

    private static IEnumerable<(string Name, JsonElement Value)> Pairs(JsonElement outputs)
    {
        if (outputs.ValueKind == JsonValueKind.Object)
        {
            return outputs.EnumerateObject().Select(member => (member.Name, member.Value));
        }

        return outputs.AsArray().EnumerateArray().Select(item =>
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Refused("Invalid parameter, key-value pair not an object as expected");
            }

            var members = item.EnumerateObject().ToList();
            return members.Count == 1
                ? (members[0].Name, members[0].Value)
                : throw Refused("Invalid parameter, key-value pair must contain exactly one key");
        });
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);

    // The digits of a number are read as hex, as Core does.
    private static byte[] DataOf(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.AsStr(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "1",
            _ => "",
        };
        return text.Length > 0 && Hex.TryDecode(text, out var bytes)
            ? bytes
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"Data must be hexadecimal string (not '{text}')");
    }
}
