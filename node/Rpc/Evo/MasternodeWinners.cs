using System.Globalization;
using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Primitives.Networks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Evo;

internal static class MasternodeWinners
{
    private const int Projected = 20;
    private const int Piece = 64;

    private static readonly RpcArg<int> Count = Arg.Int("count", 10, "So many blocks of the past.");
    private static readonly RpcArg<string> Filter = Arg.Str("filter", "", "Only payees that hold this text.");

    public static readonly NodeMethod Method = new("dash", "masternode winners",
        "Whom the last blocks paid and the next ones would pay if nothing changed.")
    {
        Args = [Count, Filter],
        Results = [Result.ObjDyn("", "By height.", Result.Str("payee", "The address, and the operator's."))],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var count = call.Get(Count);
        var filter = call.Get(Filter);
        var network = call.Node.Network;
        var tip = call.Node.Events.Position.View.Tip;
        List<(int Height, Masternode Payee)> payees = [];

        // A piece at a time: blocks do not wait until all of a long chain is looked up.
        for (var start = Math.Max((long)tip.Height - count, 1); start <= tip.Height; start += Piece)
        {
            var (first, last) = ((int)start, (int)Math.Min(start + Piece - 1, tip.Height));
            payees.AddRange(await call.Node.Validation.PostAsync((chainstate, _) => Paid(chainstate, network, tip, first, last), ct));
        }

        payees.AddRange(await call.Node.Validation.PostAsync(
            (chainstate, _) => chainstate.Evo.ListAt(tip).ProjectedPayees(Projected, network).Select((payee, i) => (tip.Height + 1 + i, payee)).ToList(), ct));
        result.WriteStartObject();
        foreach (var (height, payee) in payees)
        {
            var text = TextOf(call, payee);
            if (text.Contains(filter, StringComparison.Ordinal))
            {
                result.WriteString(height.ToString(CultureInfo.InvariantCulture), text);
            }
        }

        result.WriteEndObject();
    }

    private static List<(int Height, Masternode Payee)> Paid(Chainstate chainstate, ChainParams network, BlockNode tip, int first, int last)
    {
        List<(int Height, Masternode Payee)> found = [];
        for (var height = first; height <= last; height++)
        {
            if (EvoStates.Of(chainstate, tip.Ancestor(height - 1)!).Masternodes.Payee(network) is { } payee) // not above the tip
            {
                found.Add((height, payee));
            }
        }

        return found;
    }

    private static string TextOf(NodeCall call, Masternode payee)
    {
        var text = MasternodeJson.AddressOf(call, payee.State.Payout) ?? "Unknown";
        return payee.OperatorReward != 0 && MasternodeJson.AddressOf(call, payee.State.OperatorPayout) is { } toOperator
            ? text + ", " + toOperator
            : text;
    }
}
