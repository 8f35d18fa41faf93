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
        Result.Amount("fee", "What it pays; with -deprecatedrpc=fees.", optional: true),
        Result.Amount("modifiedfee", "What it pays, with prioritisetransaction; with -deprecatedrpc=fees.", optional: true),
        Result.Time("time", "When it came."),
        Result.Num("height", "Height of the chain when it came."),
        Result.Num("descendantcount", "It and the unconfirmed transactions that depend on it."),
        Result.Num("descendantsize", "Their size, bytes."),
        Result.Num("descendantfees", "What they pay, in duffs; with -deprecatedrpc=fees.", optional: true),
        Result.Num("ancestorcount", "It and the unconfirmed transactions it depends on."),
        Result.Num("ancestorsize", "Their size, bytes."),
        Result.Num("ancestorfees", "What they pay, in duffs; with -deprecatedrpc=fees.", optional: true),
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

    /// <summary>The feature of -deprecatedrpc that brings back the old members.</summary>
    private const string OldFees = "fees";

    /// <summary>Writes the members of an entry into the object that is open.</summary>
    public static void WriteEntry(this Utf8JsonWriter writer, MempoolEntry entry, MempoolView view, NodeContext node)
    {
        var descendants = view.Graph.DescendantPackage(entry);
        var ancestors = view.Graph.AncestorPackage(entry);
        var withOldFees = node.IsDeprecatedEnabled(OldFees);
        writer.WriteNumber("vsize", entry.VirtualSize);
        if (withOldFees)
        {
            writer.WriteAmount("fee", entry.Fee);
            writer.WriteAmount("modifiedfee", entry.ModifiedFee);
        }

        writer.WriteNumber("time", entry.Time);
        writer.WriteNumber("height", entry.Height);
        writer.WriteNumber("descendantcount", descendants.Count);
        writer.WriteNumber("descendantsize", descendants.Size);
        if (withOldFees)
        {
            writer.WriteNumber("descendantfees", descendants.Fees.Duffs);
        }

        writer.WriteNumber("ancestorcount", ancestors.Count);
        writer.WriteNumber("ancestorsize", ancestors.Size);
        if (withOldFees)
        {
            writer.WriteNumber("ancestorfees", ancestors.Fees.Duffs);
        }

        writer.WriteStartObject("fees");
        writer.WriteAmount("base", entry.Fee);
        writer.WriteAmount("modified", entry.ModifiedFee);
        writer.WriteAmount("ancestor", ancestors.Fees);
        writer.WriteAmount("descendant", descendants.Fees);
        writer.WriteEndObject();
        writer.WriteStrings("depends", Ids(view.Graph.ParentsOf(entry.Transaction)).Select(static id => id.ToString()).Order(StringComparer.Ordinal));
        writer.WriteStrings("spentby", Ids(view.Graph.ChildrenOf(entry.Transaction)).Order(TxidOrder.Instance).Select(static id => id.ToString()));
        writer.WriteString("instantlock", "false");
        writer.WriteBoolean("unbroadcast", view.Unbroadcast.Contains(entry.Txid));
    }

    /// <summary>Writes entries as a list of ids, or as an object of entries by id.</summary>
    public static void WriteEntries(
        this Utf8JsonWriter writer, IEnumerable<MempoolEntry> entries, MempoolView view, bool verbose, NodeContext node)
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
            writer.WriteEntry(entry, view, node);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The entry of an id.</summary>
    /// <exception cref="RpcError">Code -5.</exception>
    public static MempoolEntry FindOrRefuse(this MempoolView view, Txid txid) =>
        view.Graph.TryGet(txid, out var entry) ? entry : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Transaction not in mempool");

    private static IEnumerable<Txid> Ids(IEnumerable<MempoolEntry> entries) => entries.Select(static entry => entry.Txid);
}
