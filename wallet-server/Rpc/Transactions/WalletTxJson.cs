using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

/// <summary>The members that every answer about a transaction of the wallet has.</summary>
internal static class WalletTxJson
{
    /// <summary>Their declaration.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Num("confirmations", "How deep it is in the chain: 0 outside, negative if a block contradicts it."),
        Result.Bool("instantlock", "Whether InstantSend or a ChainLock holds it."),
        Result.Bool("instantlock_internal", "Whether InstantSend holds it."),
        Result.Bool("chainlock", "Whether a ChainLock holds its block."),
        Result.Bool("generated", "There for a coinbase.", optional: true),
        Result.Bool("platform-transfer", "There for a withdrawal from Dash Platform.", optional: true),
        Result.Bool("trusted", "Of what is in no block: whether it can be counted on and spent from.", optional: true),
        Result.Hex("blockhash", "Its block.", optional: true),
        Result.Num("blockheight", "The height of the block.", optional: true),
        Result.Num("blockindex", "Its place in the block.", optional: true),
        Result.Time("blocktime", "The time in the block's header.", optional: true),
        Result.Hex("txid", "Its id."),
        Result.Arr("walletconflicts",
            "Other transactions of the wallet that spend one of its inputs.", Result.Hex("txid", "An id.")),
        Result.Time("time", "Its time, in the order of arrival, seconds since 1970."),
        Result.Time("timereceived", "When the wallet first saw it."),
        Result.Str("comment", "The comment it was sent with.", optional: true),
        Result.Str("to", "For whom it was, as noted when it was sent.", optional: true),
        Result.Str("DS", "\"1\" for a payment by CoinJoin.", optional: true),
    ];

    /// <summary>Writes them into the object that is open; into a list that is kept, if one is given.</summary>
    public static void WriteWalletTx(this Utf8JsonWriter writer, WalletTx tx, WalletView view, RowWriter? row = null)
    {
        var isLocked = view.Snapshot.IsInstantLocked(tx);
        var isChainLocked = view.Snapshot.IsChainLocked(tx);
        if (row is not null && Confirmations.PlaceOf(tx.State) is { } place)
        {
            row.WriteCount("confirmations", place);
        }
        else
        {
            writer.WriteNumber("confirmations", tx.State.DepthAt(view.Snapshot.Tip.Height));
        }

        writer.WriteBoolean("instantlock", isLocked || isChainLocked);
        writer.WriteBoolean("instantlock_internal", isLocked);
        writer.WriteBoolean("chainlock", isChainLocked);
        if (tx.Tx.IsCoinBase)
        {
            writer.WriteBoolean("generated", true);
        }

        if (tx.Tx.Type == TransactionType.AssetUnlock)
        {
            writer.WriteBoolean("platform-transfer", true);
        }

        if (tx.State is TxState.Confirmed confirmed)
        {
            writer.WriteHash("blockhash", confirmed.Block);
            if (confirmed.Height >= 0)
            {
                writer.WriteNumber("blockheight", confirmed.Height);
            }

            writer.WriteNumber("blockindex", confirmed.Index);
            if (confirmed.Height >= 0)
            {
                writer.WriteNumber("blocktime", confirmed.BlockTime);
            }
        }
        else
        {
            writer.WriteBoolean("trusted", view.Trust.Of(tx));
        }

        writer.WriteHash("txid", tx.Txid);
        writer.WriteStrings("walletconflicts", view.ConflictsOf(tx).Select(conflict => conflict.ToString()));
        writer.WriteNumber("time", tx.Time);
        writer.WriteNumber("timereceived", tx.TimeReceived);
        foreach (var (name, text) in tx.Notes)
        {
            writer.WriteString(name, text);
        }
    }
}
