using System.Text.Json;
using Dash.Node.Indexes;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.AddressIndex;

internal static class GetAddressMempool
{
    public static readonly NodeMethod Method = new("addressindex", "getaddressmempool",
        "What unconfirmed transactions pay to addresses and spend from them. Needs -addressindex.")
    {
        Args = [AddressIndexArgs.Addresses],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Str("address", "The address."),
                Result.Hex("txid", "The transaction."),
                Result.Num("index", "Number of the output or input."),
                Result.Num("satoshis", "What comes, in duffs; negative for what goes."),
                Result.Time("timestamp", "When the transaction entered the mempool."),
                Result.Hex("prevtxid", "Transaction of the output that is spent.", optional: true),
                Result.Num("prevout", "Number of that output.", optional: true))),
        ],
        Examples = AddressIndexArgs.Examples,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var addresses = AddressIndexArgs.Read(call);
        AddressIndexArgs.RequireIndex(call);
        var outputs = new MempoolOutputs(call.Node);
        var entries = await outputs.ReadAsync(ct);
        var deltas =
            from address in addresses.Distinct()
            from entry in entries
            orderby entry.Transaction.Txid.Value
            from delta in DeltasOf(entry, address)
            select (Address: address, Entry: entry, Delta: delta);
        result.WriteStartArray();
        foreach (var (address, entry, delta) in deltas.OrderBy(static found => found.Entry.Time))
        {
            result.WriteStartObject();
            result.WriteString("address", AddressIndexArgs.TextOf(address, call));
            result.WriteHash("txid", entry.Transaction.Txid);
            result.WriteNumber("index", delta.Index);
            result.WriteNumber("satoshis", delta.Duffs);
            result.WriteNumber("timestamp", entry.Time);
            if (delta.Duffs < 0)
            {
                result.WriteHash("prevtxid", delta.Spent.Txid);
                result.WriteNumber("prevout", delta.Spent.Index);
            }

            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    // Of one number the output comes before the input.
    private static IEnumerable<(int Index, long Duffs, OutPoint Spent)> DeltasOf(MempoolOutputs.Entry entry, IndexedAddress address)
    {
        var transaction = entry.Transaction;
        for (var i = 0; i < Math.Max(transaction.Inputs.Length, transaction.Outputs.Length); i++)
        {
            if (i < transaction.Outputs.Length && IndexedAddress.Of(transaction.Outputs[i].ScriptPubKey) == address)
            {
                yield return (i, transaction.Outputs[i].Value.Duffs, default);
            }

            if (i < entry.Spent.Count && entry.Spent[i] is { } output && IndexedAddress.Of(output.ScriptPubKey) == address)
            {
                yield return (i, -output.Value.Duffs, transaction.Inputs[i].PreviousOutput);
            }
        }
    }
}
