using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Addresses;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Evo;

/// <summary>Masternodes in replies.</summary>
internal static class MasternodeJson
{
    /// <summary>What <c>-deprecatedrpc</c> names to have addresses in the old members too.</summary>
    public const string OldService = "service";

    private const string NoAddress = "[::]:0";

    /// <summary>The word for a kind.</summary>
    public static string NameOf(MasternodeType type) => type == MasternodeType.Evo ? "Evo" : "Regular";

    /// <summary>The address of a key's id.</summary>
    public static string AddressOf(NodeCall call, Hash160 keyId) =>
        AddressCodec.Encode(new Destination.PubKeyHash(keyId), call.Node.Network.Prefixes);

    /// <summary>The address a script pays; null if it pays none.</summary>
    public static string? AddressOf(NodeCall call, Script script) => Destination.FromScript(script) is var payee and not Destination.None
        ? AddressCodec.Encode(payee, call.Node.Network.Prefixes)
        : null;

    /// <summary>The operator's key as hex, zeros without one.</summary>
    public static string OperatorKeyOf(MasternodeState state) =>
        Convert.ToHexStringLower(state.OperatorKey?.ToBytes(state.OperatorScheme) ?? new byte[BlsPublicKey.Size]);

    /// <summary>The platform node's id as replies have it: the last byte first.</summary>
    public static string NodeIdOf(MasternodeState state) => ProTxJson.NodeIdOf(state.Platform);

    /// <summary>The address before there were several.</summary>
    public static string ServiceOf(MasternodeState state) => state.NetInfo.Primary?.ToString() ?? NoAddress;

    /// <summary>Everything about a masternode that blocks say.</summary>
    /// <param name="writer">The reply, inside of an object.</param>
    /// <param name="call">The call.</param>
    /// <param name="node">The masternode.</param>
    /// <param name="collateral">The coin of its collateral, if it is unspent.</param>
    public static void WriteMembers(Utf8JsonWriter writer, NodeCall call, Masternode node, Coin? collateral)
    {
        writer.WriteString("type", NameOf(node.Type));
        writer.WriteHash("proTxHash", node.ProTxHash);
        writer.WriteHash("collateralHash", node.Collateral.Txid);
        writer.WriteNumber("collateralIndex", node.Collateral.Index);
        if (call.Node.HasTransactionIndex && collateral is not null
            && AddressOf(call, collateral.Output.ScriptPubKey) is { } holder)
        {
            writer.WriteString("collateralAddress", holder);
        }

        writer.WriteReal("operatorReward", node.OperatorReward / 100.0);
        writer.WriteStartObject("state");
        WriteState(writer, call, node);
        writer.WriteEndObject();
    }

    /// <summary>The addresses by their purposes; ports of the platform from before version 3 among them.</summary>
    public static void WriteAddresses(Utf8JsonWriter writer, Masternode node) =>
        ProTxJson.WriteAddresses(writer, node.State.NetInfo, node.Type, node.State.Platform);

    /// <summary>The platform's ports of old replies: for its peers and its clients; -1 while no address is known.</summary>
    public static (int P2p, int Http) PlatformPorts(MasternodeState state) => !state.NetInfo.IsExtended
        ? (state.Platform.P2pPort, state.Platform.HttpPort)
        : (PortOf(state, NetInfoPurpose.PlatformP2p), PortOf(state, NetInfoPurpose.PlatformHttps));

    private static int PortOf(MasternodeState state, NetInfoPurpose purpose) =>
        state.NetInfo.EntriesFor(purpose) is [var first, ..] ? first.Port : -1;

    private static void WriteState(Utf8JsonWriter writer, NodeCall call, Masternode node)
    {
        var state = node.State;
        var withOld = call.Node.IsDeprecatedEnabled(OldService);
        writer.WriteNumber("version", state.Version);
        if (withOld)
        {
            writer.WriteString("service", ServiceOf(state));
        }

        WriteAddresses(writer, node);
        writer.WriteNumber("registeredHeight", state.RegisteredHeight);
        writer.WriteNumber("lastPaidHeight", state.LastPaidHeight);
        writer.WriteNumber("consecutivePayments", state.ConsecutivePayments);
        writer.WriteNumber("PoSePenalty", state.PosePenalty);
        writer.WriteNumber("PoSeRevivedHeight", state.PoseRevivedHeight);
        writer.WriteNumber("PoSeBanHeight", state.PoseBanHeight);
        writer.WriteNumber("revocationReason", (int)state.RevocationReason);
        writer.WriteString("ownerAddress", AddressOf(call, state.OwnerKeyId));
        writer.WriteString("votingAddress", AddressOf(call, state.VotingKeyId));
        if (node.Type == MasternodeType.Evo)
        {
            writer.WriteString("platformNodeID", NodeIdOf(state));
            if (withOld)
            {
                var (p2p, http) = PlatformPorts(state);
                writer.WriteNumber("platformP2PPort", p2p);
                writer.WriteNumber("platformHTTPPort", http);
            }
        }

        if (AddressOf(call, state.Payout) is { } payout)
        {
            writer.WriteString("payoutAddress", payout);
        }

        writer.WriteString("pubKeyOperator", OperatorKeyOf(state));
        if (AddressOf(call, state.OperatorPayout) is { } toOperator)
        {
            writer.WriteString("operatorPayoutAddress", toOperator);
        }
    }
}
