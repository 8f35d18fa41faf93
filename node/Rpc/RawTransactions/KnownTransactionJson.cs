using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

/// <summary>Transactions with what the chain knows of them, members in Dash Core's order.</summary>
internal static class KnownTransactionJson
{
    /// <summary>What <see cref="WriteKnown"/> writes, for help.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Elision("Members as by decoderawtransaction."),
        Result.Hex("hex", "The bytes."),
        Result.Hex("blockhash", "The block.", optional: true),
        Result.Num("height", "Its height; -1 outside the active chain.", optional: true),
        Result.Num("confirmations", "How deep it is; 0 outside the active chain.", optional: true),
        Result.Time("time", "Its time.", optional: true),
        Result.Time("blocktime", "The same.", optional: true),
        Result.Bool("instantlock", "Whether InstantSend or a ChainLock holds it."),
        Result.Bool("instantlock_internal", "Whether InstantSend holds it."),
        Result.Bool("chainlock", "Whether a ChainLock holds its block."),
    ];

    /// <summary>Writes the members into the object that is open.</summary>
    /// <param name="writer">Takes the members.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="block">The block it is in; null for one of the mempool.</param>
    /// <param name="call">The node, and the chain as the call sees it.</param>
    public static void WriteKnown(this Utf8JsonWriter writer, Transaction transaction, BlockNode? block, NodeCall call)
    {
        writer.WriteTransaction(
            transaction,
            call.Node.Network.Prefixes,
            new TransactionJson.Extras { FindSpender = SpenderLookup.Of(call) });
        if (block is not null)
        {
            WriteBlock(writer, block, call);
        }

        writer.WriteBoolean("instantlock", false);
        writer.WriteBoolean("instantlock_internal", false);
        writer.WriteBoolean("chainlock", false);
    }

    /// <summary>Finds a transaction: in a block, or in the mempool and in what an index knows.</summary>
    /// <param name="call">The node.</param>
    /// <param name="txid">Its id.</param>
    /// <param name="block">Where to look; then where it was found. Null for the mempool.</param>
    public static Transaction? Find(NodeCall call, Txid txid, ref BlockNode? block)
    {
        if (block is null)
        {
            if (call.Node.Mempool.Find(txid) is { } entry)
            {
                return entry.Transaction;
            }

            block = call.Node.FindTransactionBlock(txid);
        }

        return block is { HasData: true }
            ? call.Node.Archive.ReadBlock(block).Transactions.FirstOrDefault(transaction => transaction.Txid == txid)
            : null;
    }

    private static void WriteBlock(Utf8JsonWriter writer, BlockNode block, NodeCall call)
    {
        writer.WriteHash("blockhash", block.Hash);
        if (call.View.Contains(block))
        {
            writer.WriteNumber("height", block.Height);
            writer.WriteNumber("confirmations", BlockJson.Confirmations(block, call.View));
            writer.WriteNumber("time", block.Header.Time);
            writer.WriteNumber("blocktime", block.Header.Time);
        }
        else
        {
            writer.WriteNumber("height", -1);
            writer.WriteNumber("confirmations", 0);
        }
    }
}
