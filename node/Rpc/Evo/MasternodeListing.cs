using System.Globalization;
using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Evo;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Evo;

/// <summary>The same method under two names.</summary>
internal static class MasternodeListing
{
    private static readonly RpcArg<string?> Mode = Arg.OptionalStr(
        "mode",
        "What to tell of each: addr, evo, full, info, json, lastpaidblock, lastpaidtime, owneraddress, payee, pubkeyoperator, "
        + "recent, status or votingaddress.",
        hint: "json");

    private static readonly RpcArg<string> Filter = Arg.Str("filter", "", "Only masternodes whose collateral or text holds this.");

    private static readonly HashSet<string> Modes =
    [
        "addr", "full", "info", "json", "owneraddress", "votingaddress", "lastpaidtime", "lastpaidblock", "payee",
        "pubkeyoperator", "status", "recent", "evo",
    ];

    /// <summary>The name of one word.</summary>
    public static readonly NodeMethod Method = Create("masternodelist");

    /// <summary>The name of two words.</summary>
    public static readonly NodeMethod Composite = Create("masternode list");

    private static NodeMethod Create(string name) => new("dash", name, "The masternodes at the tip, by their collaterals.")
    {
        Args = [Mode, Filter],
        Results = [Result.ObjDyn("", "By collateral.", Result.Elision("A text, a number or an object, by mode."))],
        Examples = [Example.Cli("status"), Example.Rpc("\"status\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
#pragma warning disable CA1308 // the words are lower case
        var mode = (call.Get(Mode) ?? "json").ToLowerInvariant();
#pragma warning restore CA1308
        if (!Modes.Contains(mode))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"strMode {mode} not found");
        }

        var filter = call.Get(Filter);
        var entries = await ProTxEntry.ReadAsync(call, call.View.Tip, withCollaterals: IsObject(mode), ct);
        result.WriteStartObject();
        foreach (var (node, collateral) in entries)
        {
            if (IsShown(call, node, mode))
            {
                Write(new Row(call, node, collateral), mode, filter, result);
            }
        }

        result.WriteEndObject();
    }

    // Modes that tell everything of each.
    private static bool IsObject(string mode) => mode is "json" or "recent" or "evo";

    private static bool IsShown(NodeCall call, Masternode node, string mode) => mode switch
    {
        "recent" => !node.State.IsBanned
            || call.View.Height - node.State.PoseBanHeight <= call.Node.Network.Payments.SuperblockCycle,
        "evo" => node.Type == MasternodeType.Evo,
        _ => true,
    };

    private static void Write(Row row, string mode, string filter, Utf8JsonWriter result)
    {
        var state = row.Node.State;
        var text = mode switch
        {
            "addr" => row.Addresses,
            "full" => $"{row.Status,18} {state.PosePenalty} {row.Payee} {row.LastPaidTime,10} {state.LastPaidHeight,6} {row.Addresses}",
            "info" => $"{row.Status,18} {state.PosePenalty} {row.Payee} {row.Addresses}",
            _ when IsObject(mode) && filter.Length > 0 => row.Searched,
            "payee" => row.Payee,
            "status" => row.Status,
            _ => "",
        };
        var name = string.Create(CultureInfo.InvariantCulture, $"{row.Node.Collateral.Txid}-{row.Node.Collateral.Index}");
        if (!text.Contains(filter, StringComparison.Ordinal) && !name.Contains(filter, StringComparison.Ordinal))
        {
            return;
        }

        if (IsObject(mode))
        {
            result.WriteStartObject(name);
            row.WriteMembers(result);
            result.WriteEndObject();
            return;
        }

        switch (mode)
        {
            case "lastpaidblock":
                result.WriteNumber(name, state.LastPaidHeight);
                break;
            case "lastpaidtime":
                result.WriteNumber(name, row.LastPaidTime);
                break;
            default:
                result.WriteString(name, mode switch
                {
                    "owneraddress" => row.Owner,
                    "votingaddress" => row.Voter,
                    "pubkeyoperator" => row.OperatorKey,
                    _ => text,
                });
                break;
        }
    }

    /// <summary>What the modes tell of a masternode.</summary>
    private sealed class Row(NodeCall call, Masternode node, Coin? collateral)
    {
        private const string Unknown = "UNKNOWN";

        public Masternode Node => node;

        public string Status => node.State.IsBanned ? "POSE_BANNED" : "ENABLED";

        public string Addresses => string.Join(' ', node.State.NetInfo.Entries.Select(static entry => entry.ToString()));

        public string Payee => MasternodeJson.AddressOf(call, node.State.Payout) ?? Unknown;

        public string Owner => MasternodeJson.AddressOf(call, node.State.OwnerKeyId);

        public string Voter => MasternodeJson.AddressOf(call, node.State.VotingKeyId);

        public string OperatorKey => MasternodeJson.OperatorKeyOf(node.State);

        public long LastPaidTime =>
            node.State.LastPaidHeight == 0 ? 0 : call.View.At(node.State.LastPaidHeight)?.Header.Time ?? 0;

        public string Searched => string.Join(
            ' ', node.ProTxHash, Addresses, Payee, Status, node.State.PosePenalty, LastPaidTime, node.State.LastPaidHeight, Owner, Voter, Holder, OperatorKey);

        private string Holder =>
            collateral is null ? Unknown : MasternodeJson.AddressOf(call, collateral.Output.ScriptPubKey) ?? Unknown;

        public void WriteMembers(Utf8JsonWriter result)
        {
            var state = node.State;
            var withOld = call.Node.IsDeprecatedEnabled(MasternodeJson.OldService);
            result.WriteHash("proTxHash", node.ProTxHash);
            if (withOld)
            {
                result.WriteString("address", MasternodeJson.ServiceOf(state));
            }

            MasternodeJson.WriteAddresses(result, node);
            result.WriteString("payee", Payee);
            result.WriteString("status", Status);
            result.WriteString("type", MasternodeJson.NameOf(node.Type));
            if (node.Type == MasternodeType.Evo)
            {
                result.WriteString("platformNodeID", MasternodeJson.NodeIdOf(state));
                if (withOld)
                {
                    var (p2p, http) = MasternodeJson.PlatformPorts(state);
                    result.WriteNumber("platformP2PPort", p2p);
                    result.WriteNumber("platformHTTPPort", http);
                }
            }

            result.WriteNumber("pospenaltyscore", state.PosePenalty);
            result.WriteNumber("consecutivePayments", state.ConsecutivePayments);
            result.WriteNumber("lastpaidtime", LastPaidTime);
            result.WriteNumber("lastpaidblock", state.LastPaidHeight);
            result.WriteString("owneraddress", Owner);
            result.WriteString("votingaddress", Voter);
            result.WriteString("collateraladdress", Holder);
            result.WriteString("pubkeyoperator", OperatorKey);
        }
    }
}
