using System.Text.Json;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Transactions of the mempool as objects, members in Dash Core's order.</summary>
internal static class MempoolJson
{
    /// <summary>What <see cref="WriteEntry"/> writes, for help.</summary>
    public static IReadOnlyList<RpcResult> EntryResults { get; } =
    [
        Result.Num("vsize", "Its size for fees, bytes."),
        Result.Time("time", "When it came."),
        Result.Num("height", "Height of the chain when it came."),
        Result.Num("descendantcount", "It and the unconfirmed transactions that depend on it."),
        Result.Num("descendantsize", "Their size, bytes."),
        Result.Num("ancestorcount", "It and the unconfirmed transactions it depends on."),
        Result.Num("ancestorsize", "Their size, bytes."),
        Result.Obj("fees", "What it pays.",
            Result.Amount("base", "Itself."),
            Result.Amount("modified", "Itself, with prioritisetransaction."),
            Result.Amount("ancestor", "It and those it depends on."),
            Result.Amount("descendant", "It and those that depend on it.")),
        Result.Arr("depends", "Unconfirmed transactions whose outputs it spends.", Result.Hex("", "An id.")),
        Result.Arr("spentby", "Unconfirmed transactions that spend its outputs.", Result.Hex("", "An id.")),
        Result.Str("instantlock", "Whether InstantSend holds it: true or false."),
        Result.Bool("unbroadcast", "Whether no peer has asked for it yet."),
    ];

    /// <summary>Writes the members of an entry into the object that is open.</summary>
    public static void WriteEntry(this Utf8JsonWriter writer, MempoolEntry entry, MempoolView view)
    {
        var descendants = view.Graph.DescendantPackage(entry);
        var ancestors = view.Graph.AncestorPackage(entry);
        writer.WriteNumber("vsize", entry.VirtualSize);
        writer.WriteNumber("time", entry.Time);
        writer.WriteNumber("height", entry.Height);
        writer.WriteNumber("descendantcount", descendants.Count);
        writer.WriteNumber("descendantsize", descendants.Size);
        writer.WriteNumber("ancestorcount", ancestors.Count);
        writer.WriteNumber("ancestorsize", ancestors.Size);
        writer.WriteStartObject("fees");
        writer.WriteAmount("base", entry.Fee);
        writer.WriteAmount("modified", entry.ModifiedFee);
        writer.WriteAmount("ancestor", ancestors.Fees);
        writer.WriteAmount("descendant", descendants.Fees);
        writer.WriteEndObject();
        writer.WriteStrings("depends", Ids(view.Graph.ParentsOf(entry.Transaction)).Order(StringComparer.Ordinal));
        writer.WriteStrings("spentby", Ids(view.Graph.ChildrenOf(entry.Transaction)));
        writer.WriteString("instantlock", "false");
        writer.WriteBoolean("unbroadcast", view.Unbroadcast.Contains(entry.Txid));
    }

    /// <summary>Writes entries as a list of ids, or as an object of entries by id.</summary>
    public static void WriteEntries(this Utf8JsonWriter writer, IEnumerable<MempoolEntry> entries, MempoolView view, bool verbose)
    {
        if (!verbose)
        {
            writer.WriteStartArray();
            foreach (var entry in entries)
            {
                writer.WriteStringValue(entry.Txid.ToString());
            }

            writer.WriteEndArray();
            return;
        }

        writer.WriteStartObject();
        foreach (var entry in entries)
        {
            writer.WriteStartObject(entry.Txid.ToString());
            writer.WriteEntry(entry, view);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The entry of an id.</summary>
    /// <exception cref="RpcError">Code -5.</exception>
    public static MempoolEntry FindOrRefuse(this MempoolView view, Txid txid) =>
        view.Graph.TryGet(txid, out var entry) ? entry : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Transaction not in mempool");

    private static IEnumerable<string> Ids(IEnumerable<MempoolEntry> entries) => entries.Select(static entry => entry.Txid.ToString());
}
