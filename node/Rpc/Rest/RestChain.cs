using System.Globalization;
using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Rpc.Http;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Rest;

/// <summary>Pages about blocks, transactions and the mempool.</summary>
internal static class RestChain
{
    /// <summary><c>tx/HASH</c></summary>
    public static ValueTask<OpenReply> TransactionAsync(RestCall call, CancellationToken ct)
    {
        if (!RestPath.TryHash(call.Path.Text, out var hash))
        {
            return Done(RestReplies.Bad("Invalid hash: " + call.Path.Text));
        }

        var txid = new Txid(hash);
        BlockNode? block = null;
        var transaction = call.Node.Mempool.Find(txid)?.Transaction;
        if (transaction is null && (block = call.Node.FindTransactionBlock(txid)) is { HasData: true })
        {
            transaction = call.Node.Archive.ReadBlock(block).Transactions.FirstOrDefault(one => one.Txid == txid);
        }

        return Done(transaction is null ? RestReplies.Missing(call.Path.Text + " not found") : call.Path.Format switch
        {
            RestFormat.Json => RestReplies.Json(writer => Write(writer, transaction, block, call.Node)),
            RestFormat.None => RestReplies.NoFormat(),
            var format => RestReplies.Bytes(format, transaction.ToBytes()),
        });
    }

    /// <summary><c>block/HASH</c> and <c>block/notxdetails/HASH</c></summary>
    public static ValueTask<OpenReply> BlockAsync(RestCall call, int verbosity, CancellationToken ct)
    {
        if (!RestPath.TryHash(call.Path.Text, out var hash))
        {
            return Done(RestReplies.Bad("Invalid hash: " + call.Path.Text));
        }

        if (call.Node.Index.Find(new BlockHash(hash)) is not { } node)
        {
            return Done(RestReplies.Missing(call.Path.Text + " not found"));
        }

        if (!node.HasData)
        {
            return Done(RestReplies.Missing(
                call.Path.Text + (node.TransactionCount > 0 ? " not available (pruned data)" : " not found")));
        }

        return call.Path.Format switch
        {
            RestFormat.Json => call.CallAsync(
                "getblock", string.Create(CultureInfo.InvariantCulture, $"\"{node.Hash}\",{verbosity}"), ct),
            RestFormat.None => Done(RestReplies.NoFormat()),
            var format => Done(RestReplies.Bytes(format, call.Node.Archive.ReadData(node))),
        };
    }

    /// <summary><c>chaininfo</c></summary>
    public static ValueTask<OpenReply> InfoAsync(RestCall call, CancellationToken ct) =>
        call.Path.Format == RestFormat.Json ? call.CallAsync("getblockchaininfo", "", ct) : Done(RestReplies.NoFormat("json"));

    /// <summary><c>mempool/info</c> and <c>mempool/contents</c></summary>
    public static ValueTask<OpenReply> MempoolAsync(RestCall call, CancellationToken ct) => call.Path switch
    {
        { Text: not ("contents" or "info") } =>
            Done(RestReplies.Bad("Invalid URI format. Expected /rest/mempool/<info|contents>.json")),
        { Format: not RestFormat.Json } => Done(RestReplies.NoFormat("json")),
        { Text: "contents" } => call.CallAsync("getrawmempool", "true", ct),
        _ => call.CallAsync("getmempoolinfo", "", ct),
    };

    /// <summary><c>headers/HASH?count=N</c>, and the older <c>headers/N/HASH</c></summary>
    public static ValueTask<OpenReply> HeadersAsync(RestCall call, CancellationToken ct)
    {
        var parts = call.Path.Parts;
        if (parts.Length > 2)
        {
            return Done(RestReplies.Bad("Invalid URI format. Expected /rest/headers/<hash>.<ext>?count=<count>"));
        }

        var count = call.Path.Count(parts.Length == 2 ? parts[0] : null, out var refusal);
        if (refusal is not null)
        {
            return Done(refusal);
        }

        if (!RestPath.TryHash(parts[^1], out var hash))
        {
            return Done(RestReplies.Bad("Invalid hash: " + parts[^1]));
        }

        var view = call.Node.View;
        var nodes = From(call.Node, hash, count);
        return Done(call.Path.Format switch
        {
            RestFormat.None => RestReplies.NoFormat(),
            RestFormat.Json => RestReplies.Json(writer =>
            {
                writer.WriteStartArray();
                foreach (var node in nodes)
                {
                    writer.WriteStartObject();
                    writer.WriteHeader(node, view);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }),
            var format => RestReplies.Bytes(format, Serialize(nodes)),
        });
    }

    /// <summary><c>blockhashbyheight/HEIGHT</c></summary>
    public static ValueTask<OpenReply> HashByHeightAsync(RestCall call, CancellationToken ct)
    {
        if (!int.TryParse(call.Path.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var height) || height < 0)
        {
            return Done(RestReplies.Bad("Invalid height: " + Printable(call.Path.Text)));
        }

        if (call.Node.View.At(height) is not { } node)
        {
            return Done(RestReplies.Missing("Block height out of range"));
        }

        return Done(call.Path.Format switch
        {
            RestFormat.Binary => RestReplies.Bytes(RestFormat.Binary, node.Hash.Value.ToArray()),
            RestFormat.Hex => RestReplies.Text(node.Hash.ToString()),
            RestFormat.Json => RestReplies.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteHash("blockhash", node.Hash);
                writer.WriteEndObject();
            }),
            _ => RestReplies.NoFormat(),
        });
    }

    /// <summary>A block and those after it, if it is in the active chain.</summary>
    internal static List<BlockNode> From(NodeContext node, Uint256 hash, int count)
    {
        var view = node.View;
        List<BlockNode> found = [];
        var next = node.Index.Find(new BlockHash(hash));
        while (next is not null && view.Contains(next) && found.Count < count)
        {
            found.Add(next);
            next = view.Next(next);
        }

        return found;
    }

    private static void Write(Utf8JsonWriter writer, Transaction transaction, BlockNode? block, NodeContext node)
    {
        writer.WriteStartObject();
        writer.WriteTransaction(transaction, node.Network.Prefixes, new TransactionJson.Extras
        {
            BlockHash = block?.Hash ?? default,
        });
        writer.WriteEndObject();
    }

    private static byte[] Serialize(List<BlockNode> nodes)
    {
        ByteWriter writer = new();
        foreach (var node in nodes)
        {
            node.Header.Write(writer);
        }

        return writer.ToArray();
    }

    private static string Printable(string text)
    {
        const string harmless = " .,;-_/:?@()";
        return string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || harmless.Contains(c)));
    }

    private static ValueTask<OpenReply> Done(OpenReply reply) => ValueTask.FromResult(reply);
}
