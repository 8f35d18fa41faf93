using System.Buffers;
using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Rest;

/// <summary>
/// REST (<c>-rest</c>): what anybody may know of chain and mempool, by HTTP without password. Where JSON is wanted, the
/// methods of JSON-RPC write it. Opens before the node is built and refuses until it is.
/// </summary>
internal sealed class RestPages(RpcDispatcher dispatcher) : IOpenPages
{
    private const int Unavailable = 503;

    private NodeContext? _node;

    /// <inheritdoc/>
    public string Prefix => "/rest/";

    /// <summary>The node is built.</summary>
    public void Open(NodeContext node) => Volatile.Write(ref _node, node);

    /// <inheritdoc/>
    public async ValueTask<OpenReply?> AnswerAsync(OpenRequest request, CancellationToken ct)
    {
        if (Page(request.Path) is not { } page)
        {
            return null;
        }

        var status = dispatcher.Warmup.Status;
        if (status is not null || Volatile.Read(ref _node) is not { } node)
        {
            return RestReplies.Error(Unavailable, "Service temporarily unavailable: " + status);
        }

        return await page.Answer(new RestCall(RestPath.Of(request, page.Name), node, CallAsync), ct);
    }

    // The first whose name the path begins with, as dashd looks for them.
    private static (string Name, Func<RestCall, CancellationToken, ValueTask<OpenReply>> Answer)? Page(string path)
    {
        foreach (var page in Pages)
        {
            if (path.StartsWith(page.Name, StringComparison.Ordinal))
            {
                return page;
            }
        }

        return null;
    }

    private static (string Name, Func<RestCall, CancellationToken, ValueTask<OpenReply>> Answer)[] Pages { get; } =
    [
        ("tx/", RestChain.TransactionAsync),
        ("block/notxdetails/", static (call, ct) => RestChain.BlockAsync(call, verbosity: 1, ct)),
        ("block/", static (call, ct) => RestChain.BlockAsync(call, verbosity: 3, ct)),
        ("blockfilter/", RestFilters.FilterAsync),
        ("blockfilterheaders/", RestFilters.HeadersAsync),
        ("chaininfo", RestChain.InfoAsync),
        ("mempool/", RestChain.MempoolAsync),
        ("headers/", RestChain.HeadersAsync),
        ("getutxos", RestCoins.AnswerAsync),
        ("blockhashbyheight/", RestChain.HashByHeightAsync),
    ];

    private async ValueTask<OpenReply> CallAsync(string method, string parameters, CancellationToken ct)
    {
        using var document = JsonDocument.Parse($"{{\"method\":\"{method}\",\"params\":[{parameters}]}}");
        var request = RpcRequest.Of(document.RootElement, "/", user: "");
        request.Check();
        var command = dispatcher.Table.FindLocal(method) ?? throw new InvalidOperationException($"There is no method {method}");
        ArrayBufferWriter<byte> buffer = new(1024);
        try
        {
            await using Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions);
            await command.RunAsync(new RpcInvocation(request, command.Method, [.. request.Params.EnumerateArray()]), writer, ct);
        }
        catch (RpcError e)
        {
            return RestReplies.Missing(e.Message);
        }

        return RestReplies.Json(buffer);
    }
}
