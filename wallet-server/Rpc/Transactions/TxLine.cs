using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

/// <summary>
/// A line in a list of payments: an output that the wallet paid or got. What goes from the wallet to itself has two.
/// </summary>
/// <param name="Tx">Its transaction.</param>
/// <param name="Output">The output.</param>
/// <param name="IsSent">Paid, not received.</param>
/// <param name="Fee">What the transaction paid the miner.</param>
internal sealed record TxLine(WalletTx Tx, TxEntry Output, bool IsSent, Amount Fee)
{
    private const string Categories =
        "\"send\"                  Paid by the wallet.\n" +
        "\"coinjoin\"              Paid with mixed coins.\n" +
        "\"receive\"               Received.\n" +
        "\"generate\"              Mined, and mature: more than 100 confirmations.\n" +
        "\"immature\"              Mined, and not mature.\n" +
        "\"orphan\"                Mined in a block that is not in the chain.\n" +
        "\"platform-transfer\"     Withdrawn from Dash Platform.\n";

    /// <summary>Declaration of the members before those of the transaction.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Bool("involvesWatchonly",
            "There if watched addresses take part, in wallets that tell the difference.", optional: true),
        Result.Str("address", "The address of the output, where it has one.", optional: true),
        Result.Str("category", "What kind of payment.\n" + Categories),
        Result.Amount("amount", "Its value in DASH; negative for what the wallet paid."),
        Result.Str("label", "The label of the address.", optional: true),
        Result.Num("vout", "Which output it is."),
        Result.Amount("fee",
            "The fee of the whole transaction, negative; only for what the wallet paid.", optional: true),
    ];

    /// <summary>Declaration of the member that says whether the user gave the transaction up.</summary>
    public static RpcResult AbandonedResult { get; } =
        Result.Bool("abandoned", "Whether the user gave the transaction up, so that its inputs can be spent again.");

    /// <summary>The lines of a transaction: what was paid, then what was received.</summary>
    /// <param name="view">The wallet.</param>
    /// <param name="tx">The transaction.</param>
    /// <param name="minDepth">Leave received outputs out below this depth, unless InstantSend holds the transaction.</param>
    /// <param name="label">Only what was received under this label; null for all.</param>
    public static IEnumerable<TxLine> Of(WalletView view, WalletTx tx, int minDepth = 0, string? label = null)
    {
        var amounts = view.AmountsOf(tx);
        if (label is null)
        {
            foreach (var output in amounts.Sent)
            {
                yield return new TxLine(tx, output, IsSent: true, amounts.Fee);
            }
        }

        if (tx.State.DepthAt(view.Snapshot.Tip.Height) < minDepth && !view.Snapshot.IsInstantLocked(tx))
        {
            yield break;
        }

        foreach (var output in amounts.Received)
        {
            if (label is null || (output.Label ?? "") == label)
            {
                yield return new TxLine(tx, output, IsSent: false, amounts.Fee);
            }
        }
    }

    /// <summary>Writes the line as an object, with the members of its transaction or without; into a list that is kept, if one is given.</summary>
    public void Write(Utf8JsonWriter result, WalletView view, bool withTx, RowWriter? row = null)
    {
        result.WriteStartObject();
        if (Output.Address is { } address)
        {
            result.WriteString("address", address);
        }

        result.WriteString("category", Category(view.Snapshot.Tip.Height));
        result.WriteAmount("amount", IsSent ? -Output.Value : Output.Value);
        if (Output.Label is { } label)
        {
            result.WriteString("label", label);
        }

        result.WriteNumber("vout", Output.Index);
        if (IsSent)
        {
            result.WriteAmount("fee", -Fee);
        }
        else
        {
            result.WriteBoolean("abandoned", Tx.State.IsAbandoned);
        }

        if (withTx)
        {
            result.WriteWalletTx(Tx, view, row);
        }

        if (IsSent)
        {
            result.WriteBoolean("abandoned", Tx.State.IsAbandoned);
        }

        result.WriteEndObject();
    }

    private string Category(int tipHeight) => this switch
    {
        { IsSent: true } => Tx.Notes.GetValueOrDefault("DS") == "1" ? "coinjoin" : "send",
        { Tx.Tx.IsCoinBase: true } when Tx.State.DepthAt(tipHeight) < 1 => "orphan",
        { Tx.Tx.IsCoinBase: true } => Tx.IsImmatureAt(tipHeight) ? "immature" : "generate",
        { Tx.Tx.Type: TransactionType.AssetUnlock } => "platform-transfer",
        _ => "receive",
    };
}
