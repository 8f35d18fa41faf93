using System.Collections.Immutable;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class CreateRawTransaction
{
    private const uint Final = uint.MaxValue;
    private const uint FinalButLocked = uint.MaxValue - 1;

    private static readonly RpcArg<JsonElement> Inputs = Arg.Any("inputs", ArgKind.Array, "What is spent.",
        Arg.Object("", "An output.",
            Arg.Hash("txid", "The transaction's id."),
            Arg.Int("vout", "Which of its outputs."),
            Arg.OptionalLong("sequence", "The sequence number.")));

    private static readonly RpcArg<JsonElement> Outputs = Arg.Any("outputs", ArgKind.Array,
        "What is paid, each address once. An object with all of them is accepted too.",
        Arg.ObjectUserKeys("", "", Arg.Amount("address", "An address, and the amount in DASH it gets.")),
        Arg.Object("", "", Arg.Hex("data", "Bytes for an output that nobody can spend, in hex.")));

    private static readonly RpcArg<long?> LockTime = Arg.OptionalLong("locktime", "Earliest height or time; makes the inputs not final.", hint: "0");

    public static readonly NodeMethod Method = new("rawtransactions", "createrawtransaction",
        "Makes a transaction, unsigned. It is neither stored nor sent.")
    {
        Args = [Inputs, Outputs, LockTime],
        Results = [Result.Hex("transaction", "Its bytes in hex.")],
        Examples =
        [
            Example.Cli("\"[{\\\"txid\\\":\\\"myid\\\",\\\"vout\\\":0}]\" \"[{\\\"address\\\":0.01}]\""),
            Example.Rpc("[{\"txid\":\"myid\",\"vout\":0}], [{\"address\":0.01}]"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var inputs = call.Raw(Inputs);
        var outputs = call.Raw(Outputs);
        if (!inputs.IsAbsent())
        {
            inputs.AsArray();
        }

        if (outputs.IsAbsent())
        {
            throw Refused("Invalid parameter, output argument must be non-null");
        }

        var lockTime = ReadLockTime(call);
        var transaction = new Transaction(
            inputs.IsAbsent() ? [] : [.. inputs.EnumerateArray().Select(input => ReadInput(input, lockTime))],
            ReadOutputs(outputs, call.Node.Network.Prefixes),
            lockTime);
        result.WriteHexValue(transaction.ToBytes());
        return ValueTask.CompletedTask;
    }

    private static uint ReadLockTime(NodeCall call) => call.Get(LockTime) switch
    {
        null => 0,
        >= 0 and <= uint.MaxValue and var time => (uint)time,
        _ => throw Refused("Invalid parameter, locktime out of range"),
    };

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
                paid.Add(new TxOut(Amount.Zero, ScriptTemplates.NullData(value.AsHex("Data"))));
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
}
