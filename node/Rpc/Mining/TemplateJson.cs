using System.Globalization;
using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Mining;
using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

/// <summary>Block templates as objects, members in Dash Core's order. Amounts are in duffs (BIP22).</summary>
internal static class TemplateJson
{
    /// <summary>What getblocktemplate answers, for help.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.None(when: "if a proposal is valid"),
        Result.Str("", "Why not, in the words of BIP22.", when: "if a proposal is not valid"),
        Result.Obj("otherwise",
            Result.Arr("capabilities", "What this node can do.", Result.Str("", "proposal.")),
            Result.Num("version", "The block's version."),
            Result.Arr("rules", "Rules that hold.", Result.Str("", "A rule's name.")),
            Result.ObjDyn("vbavailable", "Rules that may be signalled.", Result.Num("rulename", "The bit.")),
            Result.Num("vbrequired", "Bits that must be set."),
            Result.Hex("previousblockhash", "The block below."),
            Result.Arr("transactions", "All but the coinbase.", Result.Obj("", "",
                Result.Hex("data", "The bytes."),
                Result.Hex("hash", "The id."),
                Result.Arr("depends", "Those before it, counted from 1, that it needs.", Result.Num("", "A place.")),
                Result.Num("fee", "What it pays."),
                Result.Num("sigops", "Its signature operations."))),
            Result.ObjDyn("coinbaseaux", "What belongs into the coinbase's script.", Result.Hex("key", "Bytes.")),
            Result.Num("coinbasevalue", "What the coinbase may pay."),
            Result.Str("longpollid", "For the next call."),
            Result.Hex("target", "What the hash must not exceed."),
            Result.Time("mintime", "The earliest time."),
            Result.Arr("mutable", "What may be changed.", Result.Str("", "time, transactions, prevblock.")),
            Result.Hex("noncerange", "The first and the last nonce."),
            Result.Num("sigoplimit", "Signature operations of a block, at most."),
            Result.Num("sizelimit", "Bytes of a block, at most."),
            Result.Time("curtime", "The time now."),
            Result.Hex("bits", "The target in compact form."),
            Result.Hex("previousbits", "The target of the block below."),
            Result.Num("height", "The block's height."),
            Result.Arr("masternode", "Outputs that the coinbase must have.", Payee()),
            Result.Bool("masternode_payments_started", "Whether masternodes are paid."),
            Result.Bool("masternode_payments_enforced", "Whether blocks that don't are refused."),
            Result.Arr("superblock", "Outputs of a superblock that the coinbase must have.", Payee()),
            Result.Bool("superblocks_started", "Whether there are superblocks."),
            Result.Bool("superblocks_enabled", "Whether they are paid."),
            Result.Hex("coinbase_payload", "The coinbase's special payload.")),
    ];

    /// <summary>Writes a template.</summary>
    public static void Write(
        Utf8JsonWriter result, BlockTemplate template, BlockNode tip, uint updates, IReadOnlySet<string> known, NodeContext node)
    {
        var header = template.Block.Header;
        var network = node.Network;
        var coinbase = template.Block.Transactions[0];
        var isDip1 = template.Height >= network.Heights.Dip0001;
        _ = CompactTarget.TryDecode(header.Bits, out var target);
        result.WriteStartObject();
        result.WriteStrings("capabilities", ["proposal"]);
        WriteRules(result, header.Version, tip, known, node);
        result.WriteNumber("vbrequired", 0);
        result.WriteHash("previousblockhash", header.Previous);
        WriteTransactions(result, template);
        result.WriteStartObject("coinbaseaux");
        result.WriteEndObject();
        result.WriteNumber("coinbasevalue", coinbase.OutputValue.Duffs);
        result.WriteString("longpollid", string.Create(CultureInfo.InvariantCulture, $"{tip.Hash}{updates}"));
        result.WriteHash("target", CompactTarget.ToUint256(target));
        result.WriteNumber("mintime", tip.MedianTimePast + 1);
        result.WriteStrings("mutable", ["time", "transactions", "prevblock"]);
        result.WriteString("noncerange", "00000000ffffffff");
        result.WriteNumber("sigoplimit", Limits.BlockSigOps(isDip1));
        result.WriteNumber("sizelimit", Limits.BlockSize(isDip1));
        result.WriteNumber("curtime", header.Time);
        result.WriteString("bits", header.Bits.ToString("x8", CultureInfo.InvariantCulture));
        result.WriteString("previousbits", tip.Header.Bits.ToString("x8", CultureInfo.InvariantCulture));
        result.WriteNumber("height", template.Height);
        WritePayees(result, "masternode", template.MasternodePayments, network);
        result.WriteBoolean("masternode_payments_started", template.Height > network.Payments.MasternodePaymentsStart);
        result.WriteBoolean("masternode_payments_enforced", true);
        WritePayees(result, "superblock", [], network);
        result.WriteBoolean("superblocks_started", template.Height > network.Payments.SuperblockStart);

        // Sporks are on for good on the main network, and elsewhere off until one that says otherwise is received.
        result.WriteBoolean("superblocks_enabled", network.Name == ChainParams.Main.Name);
        result.WriteHex("coinbase_payload", coinbase.ExtraPayload.Span);
        result.WriteEndObject();
    }

    /// <summary>The block hash of a long-poll id.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static Uint256 ReadHash(string text)
    {
        using var json = JsonDocument.Parse(JsonText.Quote(text));
        return json.RootElement.AsHash("longpollid");
    }

    /// <summary>The number of a long-poll id, as far as it goes.</summary>
    public static uint ReadUpdates(string text) =>
        ulong.TryParse(string.Concat(text.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var number)
            ? unchecked((uint)number)
            : 0;

    private static void WriteRules(Utf8JsonWriter result, int version, BlockNode tip, IReadOnlySet<string> known, NodeContext node)
    {
        var versionBits = node.Chainstate.Deployments;
        List<string> rules = ["csv"];
        List<(string Name, int Bit)> available = [];
        foreach (var deployment in node.Network.Deployments)
        {
            switch (versionBits.StateAfter(tip, deployment))
            {
                case DeploymentState.LockedIn:
                    version |= 1 << deployment.Bit;
                    available.Add((deployment.Name, deployment.Bit));
                    break;
                case DeploymentState.Started:
                    available.Add((deployment.Name, deployment.Bit));
                    break;
                case DeploymentState.Active:
                    rules.Add(deployment.Name);
                    break;
            }
        }

        // None of them needs a miner to do anything, so nobody is asked whether he knows them.
        _ = known;
        result.WriteNumber("version", version);
        result.WriteStrings("rules", rules);
        result.WriteStartObject("vbavailable");
        foreach (var (name, bit) in available)
        {
            result.WriteNumber(name, bit);
        }

        result.WriteEndObject();
    }

    private static void WriteTransactions(Utf8JsonWriter result, BlockTemplate template)
    {
        var places = new Dictionary<Txid, int>();
        result.WriteStartArray("transactions");
        for (var i = 0; i < template.Block.Transactions.Count; i++)
        {
            var transaction = template.Block.Transactions[i];
            places[transaction.Txid] = i;
            if (i == 0)
            {
                continue;
            }

            result.WriteStartObject();
            result.WriteHex("data", transaction.ToBytes());
            result.WriteHash("hash", transaction.Txid);
            result.WriteStartArray("depends");
            foreach (var input in transaction.Inputs)
            {
                if (places.TryGetValue(input.PreviousOutput.Txid, out var place))
                {
                    result.WriteNumberValue(place);
                }
            }

            result.WriteEndArray();
            result.WriteNumber("fee", template.Fees[i].Duffs);
            result.WriteNumber("sigops", template.SigOps[i]);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static void WritePayees(Utf8JsonWriter result, string name, IReadOnlyList<TxOut> outputs, ChainParams network)
    {
        result.WriteStartArray(name);
        foreach (var output in outputs)
        {
            var payee = Destination.FromScript(output.ScriptPubKey);
            result.WriteStartObject();
            result.WriteString("payee", payee is Destination.None ? "" : AddressCodec.Encode(payee, network.Prefixes));
            result.WriteHex("script", output.ScriptPubKey.Span);
            result.WriteNumber("amount", output.Value.Duffs);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static RpcResult Payee() => Result.Obj("", "",
        Result.Str("payee", "The address; empty where there is none."),
        Result.Hex("script", "The script."),
        Result.Num("amount", "What it gets."));
}
