using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GetBlockTemplate
{
    private const string Template = "template";
    private const string Proposal = "proposal";

    private static readonly RpcArg<JsonElement> Request = Arg.OptionalAny("template_request", ArgKind.Object, "What is wanted.",
        Arg.OptionalStr("mode", "\"template\", or \"proposal\" (BIP23); template if it is left out."),
        Arg.OptionalArray("capabilities", "What the caller can do.",
            Arg.Str("str", "longpoll, coinbasevalue, proposal, serverlist or workid.")),
        Arg.Array("rules", "Rules the caller knows.", Arg.Str("str", "A rule's name.")),
        Arg.OptionalStr("longpollid", "Answer when a better template than that one is there, or transactions came within a minute."),
        Arg.OptionalStr("data", "The block that is proposed, in hex.")) with { OneLine = "\"template_request\"", DefaultText = "{}" };

    public static readonly NodeMethod Method = new("mining", "getblocktemplate",
        "A block to work on (BIP22, BIP23 and BIP9), or whether a block would be valid but for its proof of work.")
    {
        Args = [Request],
        Results = TemplateJson.Results,
        Examples = [Example.Cli(), Example.Rpc()],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var request = call.Has(Request) ? call.Raw(Request).AsObject() : default;
        var given = request.Find("mode");
        var mode = given.IsAbsent() ? Template
            : given.ValueKind == JsonValueKind.String ? given.AsStr()
            : throw InvalidMode();
        if (mode == Proposal)
        {
            await ProposeAsync(call, result, request.Find("data"), ct);
            return;
        }

        var rules = ReadRules(request.Find("rules"));
        if (mode != Template)
        {
            throw InvalidMode();
        }

        call.Node.RequireReadyToMine();
        if (request.Find("longpollid") is var id && !id.IsAbsent())
        {
            await WaitAsync(call, id, ct);
        }

        var (template, tip, updates) = await call.Node.Validation.PostAsync(
            (chainstate, _) =>
                (call.Node.Templates.Get(chainstate), chainstate.View.Tip, call.Node.Templates.Updates),
            ct);
        TemplateJson.Write(result, template, tip, updates, rules, call.Node);
    }

    private static async Task ProposeAsync(NodeCall call, Utf8JsonWriter result, JsonElement data, CancellationToken ct)
    {
        if (data.ValueKind != JsonValueKind.String)
        {
            throw new RpcError(RpcErrorCode.Type, "Missing data String key for proposal");
        }

        if (!BlockText.TryParse(data.AsStr(), out var block, out _))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "Block decode failed");
        }

        if (call.Node.Index.Find(block.Header.Hash) is { } known)
        {
            result.WriteStringValue(known.IsValid(BlockStatus.ValidScripts) ? "duplicate"
                : known.IsFailed ? "duplicate-invalid"
                : "duplicate-inconclusive");
            return;
        }

        var state = await call.Node.Validation.PostAsync((chainstate, _) => Test(chainstate, block, call.Node), ct);
        if (state.IsInvalid)
        {
            result.WriteStringValue(state.RejectReason.Length == 0 ? "rejected" : state.RejectReason);
        }
    }

    // A proposal has a merkle root; only the proof of work is still missing.
    private static ValidationState Test(Chainstate chainstate, Block block, NodeContext node)
    {
        var tip = chainstate.View.Tip;
        if (block.Header.Previous == tip.Hash)
        {
            var header = HeaderRules.CheckAfter(block.Header, tip, node.Clock.UnixSeconds, node.Network);
            if (header.IsInvalid)
            {
                return header;
            }

            if (BlockRules.CheckMerkleRoot(block) is { IsInvalid: true } root)
            {
                return root;
            }
        }

        return chainstate.TestBlock(block, isProposal: true);
    }

    private static async Task WaitAsync(NodeCall call, JsonElement id, CancellationToken ct)
    {
        var watched = call.Node.View.Tip.Hash;
        var updates = call.Node.Templates.Updates;
        if (id.ValueKind == JsonValueKind.String)
        {
            var text = id.AsStr();
            const int hashLength = 64;
            var hash = text.Length > hashLength ? text[..hashLength] : text;
            watched = new BlockHash(TemplateJson.ReadHash(hash));
            updates = TemplateJson.ReadUpdates(text.Length > hashLength ? text[hashLength..] : "");
        }

        // A minute for a new block; from then on new transactions are reason enough, looked at each ten seconds.
        const int first = 60_000;
        const int later = 10_000;
        for (var patience = first; ; patience = later)
        {
            var view = await Blockchain.TipWaiter.WaitAsync(
                call.Node.Events, chain => chain.Tip.Hash != watched, patience, call.Node.Clock, ct);
            if (ct.IsCancellationRequested)
            {
                throw new RpcError(RpcErrorCode.ClientNotConnected, "Shutting down");
            }

            if (view.Tip.Hash != watched || call.Node.Mempool.Updates != updates)
            {
                return;
            }
        }
    }

    private static HashSet<string> ReadRules(JsonElement rules) =>
        rules.ValueKind == JsonValueKind.Array ? [.. rules.EnumerateArray().Select(static rule => rule.AsStr())] : [];

    private static RpcError InvalidMode() => new(RpcErrorCode.InvalidParameter, "Invalid mode");
}
