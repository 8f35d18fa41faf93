using System.Globalization;
using System.Text;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Rpc.Http;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Rest;

/// <summary>The page <c>getutxos</c> (BIP64): which of some outputs are unspent, and what they are.</summary>
internal static class RestCoins
{
    private const int MostOutputs = 15;

    /// <summary><c>getutxos/checkmempool/TXID-N/…</c>, or the same as bytes in the body.</summary>
    public static async ValueTask<OpenReply> AnswerAsync(RestCall call, CancellationToken ct)
    {
        if (Read(call.Path, out var outPoints, out var withMempool) is { } refusal)
        {
            return refusal;
        }

        if (outPoints.Count > MostOutputs)
        {
            return RestReplies.Bad($"Error: max outpoints exceeded (max: {MostOutputs}, tried: {outPoints.Count})");
        }

        var (tip, coins) = await call.Node.Validation.PostAsync(
            (chainstate, _) => (chainstate.View.Tip, Find(chainstate, call.Node.Mempool.Owned, outPoints, withMempool)), ct);
        return call.Path.Format == RestFormat.Json
            ? WriteJson(tip, coins, call.Node)
            : RestReplies.Bytes(call.Path.Format, Serialize(tip, coins));
    }

    private static OpenReply? Read(RestPath path, out List<OutPoint> outPoints, out bool withMempool)
    {
        (outPoints, withMempool) = ([], false);
        string[] parts = path.Text.Length > 1 ? path.Text[1..].Split('/') : [];
        var body = path.Request.Body;
        if (body.IsEmpty && parts.Length == 0)
        {
            return RestReplies.Bad("Error: empty request");
        }

        if (parts.Length > 0)
        {
            withMempool = parts[0] == "checkmempool";
            foreach (var part in parts.Skip(withMempool ? 1 : 0))
            {
                if (!TryParse(part, out var outPoint))
                {
                    return RestReplies.Bad("Parse error");
                }

                outPoints.Add(outPoint);
            }

            if (outPoints.Count == 0)
            {
                return RestReplies.Bad("Error: empty request");
            }
        }

        switch (path.Format)
        {
            case RestFormat.Json:
                return outPoints.Count == 0 ? RestReplies.Bad("Error: empty request") : null;
            case RestFormat.None:
                return RestReplies.NoFormat();
            case RestFormat.Hex:
                body = Hex.TryDecode(Encoding.ASCII.GetString(body.Span), out var bytes) ? bytes : ReadOnlyMemory<byte>.Empty;
                break;
        }

        if (body.IsEmpty)
        {
            return null;
        }

        return outPoints.Count > 0
            ? RestReplies.Bad("Combination of URI scheme inputs and raw post data is not allowed")
            : ReadBody(body.Span, outPoints, ref withMempool);
    }

    // BIP64 puts a byte before the outputs that says whether the mempool counts. dashd looks for the outputs at once, and counts
    // the mempool always. By its length a body is one or the other.
    private static OpenReply? ReadBody(ReadOnlySpan<byte> body, List<OutPoint> outPoints, ref bool withMempool)
    {
        const int outPointSize = Uint256.Size + sizeof(uint);
        try
        {
            var reader = new SpanReader(body);
            withMempool = body.Length < 2 || body.Length != 2 + (outPointSize * body[1]) || reader.ReadBool();
            for (var left = reader.ReadCompactSize(); left > 0; left--)
            {
                outPoints.Add(new OutPoint(new Txid(reader.ReadUint256()), reader.ReadUInt32()));
            }

            return null;
        }
        catch (EncodingException)
        {
            return RestReplies.Bad("Parse error");
        }
    }

    private static bool TryParse(string text, out OutPoint outPoint)
    {
        outPoint = default;
        var dash = text.IndexOf('-');
        var id = dash < 0 ? text : text[..dash];
        if (id.Length is 0 or > 2 * Uint256.Size || id.Length % 2 != 0
            || !int.TryParse(text[(dash + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            || !Uint256.TryParse(id.PadLeft(2 * Uint256.Size, '0'), out var hash))
        {
            return false;
        }

        outPoint = new OutPoint(new Txid(hash), unchecked((uint)index));
        return true;
    }

    private static List<Coin?> Find(Chainstate chainstate, TxMempool mempool, List<OutPoint> outPoints, bool withMempool)
    {
        Func<OutPoint, Coin?> find = withMempool ? new MempoolCoins(chainstate.Coins, mempool.Graph).FindUnspent : chainstate.Coins.Find;
        return [.. outPoints.Select(find)];
    }

    private static byte[] Serialize(BlockNode tip, List<Coin?> coins)
    {
        var bitmap = new byte[(coins.Count + 7) / 8];
        for (var i = 0; i < coins.Count; i++)
        {
            bitmap[i / 8] |= (byte)((coins[i] is null ? 0 : 1) << (i % 8));
        }

        ByteWriter writer = new();
        writer.WriteInt32(tip.Height);
        writer.WriteUint256(tip.Hash.Value);
        writer.WriteVarBytes(bitmap);
        writer.WriteCompactSize(coins.Count(static coin => coin is not null));
        foreach (var coin in coins.OfType<Coin>())
        {
            writer.WriteUInt32(0); // BIP64: version of the transaction, no longer known
            writer.WriteInt32(coin.Height);
            coin.Output.Write(writer);
        }

        return writer.ToArray();
    }

    private static OpenReply WriteJson(BlockNode tip, List<Coin?> coins, NodeContext node) => RestReplies.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("chainHeight", tip.Height);
        writer.WriteHash("chaintipHash", tip.Hash);
        writer.WriteString("bitmap", string.Concat(coins.Select(static coin => coin is null ? '0' : '1')));
        writer.WriteStartArray("utxos");
        foreach (var coin in coins.OfType<Coin>())
        {
            writer.WriteStartObject();
            writer.WriteNumber("height", coin.Height);
            writer.WriteAmount("value", coin.Output.Value);
            writer.WriteStartObject("scriptPubKey");
            writer.WriteScript(coin.Output.ScriptPubKey, node.Network.Prefixes);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
