using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Evo;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Evo;

internal static class ProTxListDiff
{
    private static readonly RpcArg<string> Base = Arg.Str("baseBlock", "The block to begin with: its hash or height.");
    private static readonly RpcArg<string> Target = Arg.Str("block", "The block to end with: its hash or height.");

    public static readonly NodeMethod Method = new("evo", "protx listdiff", "What changed about masternodes between two blocks.")
    {
        Args = [Base, Target],
        Results =
        [
            Result.Obj(
                Result.Num("baseHeight", "Height of the block to begin with."),
                Result.Num("blockHeight", "Height of the block to end with."),
                Result.Arr("addedMNs", "Registered since.", Result.Obj("", "", Result.Elision("As in protx info."))),
                Result.Arr("removedMNs", "Gone since.", Result.Hex("protx", "Hash of the registration.")),
                Result.Arr("updatedMNs", "Changed since.", Result.ObjDyn("", "By registration.", Result.Elision("The members that changed.")))),
        ],
        Examples = [Example.Cli("\"1\" \"100\""), Example.Rpc("\"1\", \"100\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var from = FindBlock(call, Base);
        var to = FindBlock(call, Target);
        var (before, after, added) = await call.Node.Validation.PostAsync(
            (chainstate, _) =>
            {
                var (earlier, later) = (EvoStates.Of(chainstate, from).Masternodes, EvoStates.Of(chainstate, to).Masternodes);
                var isNew = Ordered(later).Where(node => earlier.Find(node.ProTxHash) is null);
                return (earlier, later, isNew.Select(node => (Node: node, Collateral: chainstate.Coins.Find(node.Collateral))).ToArray());
            },
            ct);
        result.WriteStartObject();
        result.WriteNumber("baseHeight", from.Height);
        result.WriteNumber("blockHeight", to.Height);
        result.WriteStartArray("addedMNs");
        foreach (var (node, collateral) in added)
        {
            result.WriteStartObject();
            MasternodeJson.WriteMembers(result, call, node, collateral);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteStartArray("removedMNs");
        foreach (var node in Ordered(before).Where(node => after.Find(node.ProTxHash) is null))
        {
            result.WriteHashValue(node.ProTxHash.Value);
        }

        result.WriteEndArray();
        result.WriteStartArray("updatedMNs");
        foreach (var node in Ordered(after))
        {
            if (before.Find(node.ProTxHash) is { } old && old.State != node.State)
            {
                result.WriteStartObject();
                result.WriteStartObject(node.ProTxHash.ToString());
                WriteChanges(result, call, old.State, node);
                result.WriteEndObject();
                result.WriteEndObject();
            }
        }

        result.WriteEndArray();
        result.WriteEndObject();
    }

    private static IEnumerable<Masternode> Ordered(MasternodeList list) =>
        list.All.OrderBy(static node => node.ProTxHash.Value, WireOrder.Instance);

    private static BlockNode FindBlock(NodeCall call, RpcArg<string> arg)
    {
        var text = call.Get(arg);
        var node = Primitives.Blocks.BlockHash.TryParse(text, out var hash) ? call.Node.Index.Find(hash)
            : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var height)
                && height >= 1 ? call.View.At(height)
            : null;
        return node ?? throw new RpcError(
            RpcErrorCode.Misc, $"{arg.Names} must be a block hash or chain height and not {text}");
    }

    private static void WriteChanges(Utf8JsonWriter result, NodeCall call, MasternodeState old, Masternode node)
    {
        var state = node.State;
        WriteNumber("version", old.Version, state.Version);
        var hasNewAddress = !old.NetInfo.Equals(state.NetInfo);
        if (hasNewAddress && call.Node.IsDeprecatedEnabled(MasternodeJson.OldService))
        {
            result.WriteString("service", MasternodeJson.ServiceOf(state));
        }

        WriteNumber("registeredHeight", old.RegisteredHeight, state.RegisteredHeight);
        WriteNumber("lastPaidHeight", old.LastPaidHeight, state.LastPaidHeight);
        WriteNumber("consecutivePayments", old.ConsecutivePayments, state.ConsecutivePayments);
        WriteNumber("PoSePenalty", old.PosePenalty, state.PosePenalty);
        WriteNumber("PoSeRevivedHeight", old.PoseRevivedHeight, state.PoseRevivedHeight);
        WriteNumber("PoSeBanHeight", old.PoseBanHeight, state.PoseBanHeight);
        WriteNumber("revocationReason", (int)old.RevocationReason, (int)state.RevocationReason);
        WriteText("ownerAddress", MasternodeJson.AddressOf(call, old.OwnerKeyId), MasternodeJson.AddressOf(call, state.OwnerKeyId));
        WriteText("votingAddress", MasternodeJson.AddressOf(call, old.VotingKeyId), MasternodeJson.AddressOf(call, state.VotingKeyId));
        WriteText("payoutAddress", MasternodeJson.AddressOf(call, old.Payout), MasternodeJson.AddressOf(call, state.Payout));
        WriteText("operatorPayoutAddress",
            MasternodeJson.AddressOf(call, old.OperatorPayout), MasternodeJson.AddressOf(call, state.OperatorPayout));
        if (!Equals(old.OperatorKey, state.OperatorKey))
        {
            result.WriteString("pubKeyOperator", MasternodeJson.OperatorKeyOf(state));
        }

        var isEvo = node.Type == MasternodeType.Evo;
        if (isEvo)
        {
            WriteText("platformNodeID", MasternodeJson.NodeIdOf(old), MasternodeJson.NodeIdOf(state));
            WriteNumber("platformP2PPort", old.Platform.P2pPort, state.Platform.P2pPort);
            WriteNumber("platformHTTPPort", old.Platform.HttpPort, state.Platform.HttpPort);
        }

        var hasNewP2p = isEvo && old.Platform.P2pPort != state.Platform.P2pPort;
        var hasNewHttp = isEvo && old.Platform.HttpPort != state.Platform.HttpPort;
        if (hasNewAddress || hasNewP2p || hasNewHttp)
        {
            WriteAddresses(result, state, hasNewAddress, hasNewP2p, hasNewHttp);
        }

        void WriteNumber(string name, int before, int after)
        {
            if (before != after)
            {
                result.WriteNumber(name, after);
            }
        }

        void WriteText(string name, string? before, string? after)
        {
            if (before != after && after is not null)
            {
                result.WriteString(name, after);
            }
        }
    }

    // Ports of an address that did not change stand beside one that says so.
    private static void WriteAddresses(
        Utf8JsonWriter result, MasternodeState state, bool hasNewAddress, bool hasNewP2p, bool hasNewHttp)
    {
        result.WriteStartObject("addresses");
        if (hasNewAddress)
        {
            foreach (var purpose in state.NetInfo.Purposes)
            {
                result.WriteStrings(
                    ProTxJson.PurposeName(purpose), state.NetInfo.EntriesFor(purpose).Select(static entry => entry.ToString()));
            }
        }

        if (!hasNewAddress || !state.NetInfo.IsExtended)
        {
            if (hasNewP2p)
            {
                result.WriteStrings(ProTxJson.PurposeName(NetInfoPurpose.PlatformP2p), [At(state.Platform.P2pPort)]);
            }

            if (hasNewHttp)
            {
                result.WriteStrings(ProTxJson.PurposeName(NetInfoPurpose.PlatformHttps), [At(state.Platform.HttpPort)]);
            }
        }

        result.WriteEndObject();

        string At(ushort port) => hasNewAddress && state.NetInfo.Primary is { } primary
            ? ProTxJson.WithPort(primary, port)
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"255.255.255.255:{port}");
    }
}
