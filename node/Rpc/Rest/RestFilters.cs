using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Rpc.Http;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Rest;

/// <summary>Pages about compact block filters (BIP157), with <c>-blockfilterindex</c>.</summary>
internal static class RestFilters
{
    private const string Missing = "Filter not found.";
    private const string Indexing = " Block filters are still in the process of being indexed.";
    private const string Corrupt = " This error is unexpected and indicates index corruption.";

    /// <summary><c>blockfilter/TYPE/HASH</c></summary>
    public static async ValueTask<OpenReply> FilterAsync(RestCall call, CancellationToken ct)
    {
        var parts = call.Path.Parts;
        if (parts.Length != 2)
        {
            return RestReplies.Bad("Invalid URI format. Expected /rest/blockfilter/<filtertype>/<blockhash>");
        }

        if (!RestPath.TryHash(parts[1], out var hash))
        {
            return RestReplies.Bad("Invalid hash: " + parts[1]);
        }

        if (Index(call.Node, parts[0], out var refusal) is not { } index)
        {
            return refusal;
        }

        if (call.Node.Index.Find(new BlockHash(hash)) is not { } node)
        {
            return RestReplies.Missing(parts[1] + " not found");
        }

        var isReady = await index.CaughtUpAsync(ct);
        if (index.Find(node) is not { } filter)
        {
            return RestReplies.Missing(Missing + (!node.IsValid(BlockStatus.ValidScripts)
                ? " Block was not connected to active chain."
                : isReady ? Corrupt : Indexing));
        }

        return call.Path.Format switch
        {
            RestFormat.None => RestReplies.NoFormat(),
            RestFormat.Json => RestReplies.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteHex("filter", filter.Encoded.Span);
                writer.WriteEndObject();
            }),
            var format => RestReplies.Bytes(format, Serialize(filter, node)),
        };
    }

    /// <summary><c>blockfilterheaders/TYPE/HASH?count=N</c>, and the older <c>blockfilterheaders/TYPE/N/HASH</c></summary>
    public static async ValueTask<OpenReply> HeadersAsync(RestCall call, CancellationToken ct)
    {
        var parts = call.Path.Parts;
        if (parts.Length is not (2 or 3))
        {
            return RestReplies.Bad("Invalid URI format. Expected /rest/blockfilterheaders/<filtertype>/<blockhash>.<ext>?count=<count>");
        }

        var count = call.Path.Count(parts.Length == 3 ? parts[1] : null, out var bad);
        if (bad is not null)
        {
            return bad;
        }

        if (!RestPath.TryHash(parts[^1], out var hash))
        {
            return RestReplies.Bad("Invalid hash: " + parts[^1]);
        }

        if (Index(call.Node, parts[0], out var refusal) is not { } index)
        {
            return refusal;
        }

        var nodes = RestChain.From(call.Node, hash, count);
        var isReady = await index.CaughtUpAsync(ct);
        List<Uint256> headers = [];
        foreach (var node in nodes)
        {
            if (index.FindHeader(node) is not { } header)
            {
                return RestReplies.Missing(Missing + (isReady ? Corrupt : Indexing));
            }

            headers.Add(header);
        }

        return call.Path.Format switch
        {
            RestFormat.None => RestReplies.NoFormat(),
            RestFormat.Json => RestReplies.Json(writer =>
            {
                writer.WriteStartArray();
                foreach (var header in headers)
                {
                    writer.WriteHashValue(header);
                }

                writer.WriteEndArray();
            }),
            var format => RestReplies.Bytes(format, [.. headers.SelectMany(static header => header.ToArray())]),
        };
    }

    private static BlockFilterIndex? Index(NodeContext node, string type, out OpenReply refusal)
    {
        refusal = type == BlockFilter.BasicName
            ? RestReplies.Bad("Index is not enabled for filtertype " + type)
            : RestReplies.Bad("Unknown filtertype " + type);
        return type == BlockFilter.BasicName ? node.Indexes.BlockFilters : null;
    }

    private static byte[] Serialize(BlockFilter filter, BlockNode node)
    {
        ByteWriter writer = new();
        writer.WriteByte(0); // basic
        writer.WriteUint256(node.Hash.Value);
        writer.WriteVarBytes(filter.Encoded.Span);
        return writer.ToArray();
    }
}
