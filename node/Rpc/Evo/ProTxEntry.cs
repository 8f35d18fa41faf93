using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Evo;

/// <summary>A masternode in detail, as two methods reply it.</summary>
internal static class ProTxEntry
{
    /// <summary>What replies have.</summary>
    public static RpcResult[] Results { get; } = [Result.Elision("The registration, its state, confirmations of the collateral.")];

    /// <summary>Masternodes after a block, in the order of their registrations' hashes, with the coins of their collaterals.</summary>
    /// <param name="call">The call.</param>
    /// <param name="block">After which block.</param>
    /// <param name="withCollaterals">False where nobody looks at the coins; then there are none, and validation is not kept busy.</param>
    /// <param name="ct">Gives up.</param>
    public static Task<IReadOnlyList<(Masternode Node, Coin? Collateral)>> ReadAsync(
        NodeCall call, BlockNode block, bool withCollaterals, CancellationToken ct) =>
        call.Node.Validation.PostAsync(
            (chainstate, _) => (IReadOnlyList<(Masternode, Coin?)>)[.. EvoStates.Of(chainstate, block).Masternodes.All
                .OrderBy(static node => node.ProTxHash.Value, WireOrder.Instance)
                .Select(node => (node, withCollaterals ? chainstate.Coins.Find(node.Collateral) : null))],
            ct);

    /// <summary>Writes one.</summary>
    /// <param name="writer">The reply.</param>
    /// <param name="call">The call.</param>
    /// <param name="entry">The masternode and the coin of its collateral, if that is unspent.</param>
    /// <param name="block">The block it is seen from; null for the tip.</param>
    public static void Write(Utf8JsonWriter writer, NodeCall call, (Masternode Node, Coin? Collateral) entry, BlockNode? block)
    {
        writer.WriteStartObject();
        MasternodeJson.WriteMembers(writer, call, entry.Node, entry.Collateral);
        writer.WriteNumber("confirmations", Confirmations(call, entry, block));

        // What live masternodes are asked for; this node asks none.
        var now = call.Node.Clock.UnixSeconds;
        writer.WriteStartObject("metaInfo");
        writer.WriteNumber("lastDSQ", 0);
        writer.WriteNumber("mixingTxCount", 0);
        writer.WriteNumber("outboundAttemptCount", 0);
        writer.WriteNumber("lastOutboundAttempt", 0);
        writer.WriteNumber("lastOutboundAttemptElapsed", now);
        writer.WriteNumber("lastOutboundSuccess", 0);
        writer.WriteNumber("lastOutboundSuccessElapsed", now);
        writer.WriteBoolean("is_platform_banned", false);
        writer.WriteNumber("platform_ban_height_updated", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static int Confirmations(NodeCall call, (Masternode Node, Coin? Collateral) entry, BlockNode? block)
    {
        var height = (block ?? call.View.Tip).Height;
        return entry.Collateral is { } coin ? height - coin.Height + 1
            : block is not null && call.Node.FindTransactionBlock(entry.Node.Collateral.Txid) is { } mined
                ? height - mined.Height + 1
            : -1;
    }
}
