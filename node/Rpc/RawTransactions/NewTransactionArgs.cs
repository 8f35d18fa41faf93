using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

/// <summary>The arguments of a new transaction, for one method.</summary>
internal sealed class NewTransactionArgs
{
    private readonly RpcArg<JsonElement> _inputs = Arg.Any("inputs", ArgKind.Array, "What is spent.",
        Arg.Object("", "An output.",
            Arg.Hash("txid", "The transaction's id."),
            Arg.Int("vout", "Which of its outputs."),
            Arg.OptionalLong("sequence", "The sequence number.", hint: "depends on the value of the 'locktime' argument")));

    private readonly RpcArg<JsonElement> _outputs = Arg.Any("outputs", ArgKind.Array,
        "What is paid, each address once. An object with all of them is accepted too.",
        Arg.ObjectUserKeys("", "", Arg.Amount("address", "An address, and the amount in DASH it gets.")),
        Arg.Object("", "", Arg.Hex("data", "Bytes for an output that nobody can spend, in hex.")));

    private readonly RpcArg<long> _lockTime = Arg.Long("locktime", 0, "Earliest height or time; makes the inputs not final.");

    /// <summary>All of them, in their order.</summary>
    public IReadOnlyList<RpcArg> All => [_inputs, _outputs, _lockTime];

    /// <summary>The transaction of a call.</summary>
    /// <exception cref="RpcError">The arguments make none.</exception>
    public Transaction Construct(NodeCall call)
    {
        var inputs = call.Raw(_inputs);
        if (!inputs.IsAbsent())
        {
            inputs.AsArray();
        }

        TransactionArgs.CheckOutputs(call.Raw(_outputs));
        return TransactionArgs.Construct(inputs, call.Raw(_outputs), call.Get(_lockTime), call.Node.Network.Prefixes);
    }
}
