using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Common.Options;
using Dash.Node.Services;
using Dash.Primitives.Networks;
using Dash.Rpc.Dispatch;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.RpcTests.Support;

/// <summary>Wallets in process over a node in process: the real dispatcher, files, ledger and feed, no port and no socket.</summary>
internal sealed class WalletFixture : IAsyncDisposable
{
    private readonly NodeFixture _node;
    private readonly ChainSubscribers _subscribers;
    private readonly AttachedNode _attached = new();
    private CancellationTokenSource _stop = new();
    private NodeSession? _session;
    private Task _following = Task.CompletedTask;

    /// <summary>Wallets below a directory; no node is attached yet.</summary>
    public WalletFixture(NodeFixture node, string walletDirectory, WalletSettings? settings = null)
    {
        _node = node;
        var logs = NullLoggerFactory.Instance;
        var log = logs.CreateLogger("");
        var clock = node.Context.Clock;
        _subscribers = new ChainSubscribers(node.Context.Chainstate.Events, clock, logs);
        Wallets = new WalletDirectory(
            walletDirectory,
            ChainParams.Regtest,
            settings ?? WalletSettings.Default,
            SettingsFile.Read(Path.Combine(walletDirectory, "settings.json")),
            clock);
        Loads = new WalletLoads(Wallets, clock, CancellationToken.None);
        Sync = new ChainSync(Wallets, _attached, new Rebroadcast(_attached, Wallets, clock, log), ChainParams.Regtest, clock, log);
        var context = new WalletContext
        {
            Wallets = Wallets,
            Loads = Loads,
            Sync = Sync,
            Node = _attached,
            Spender = new Spender(_attached, log),
            Clock = clock,
        };
        RpcTable table = new();
        table.Add(WalletMethods.All, call => WalletCall.Of(call, context), OnceOnly.Around);
        Dispatcher = new RpcDispatcher(table, logs) { Translate = WalletErrors.Translate, ChecksResults = true };
        Dispatcher.Warmup.Finish();
    }

    public WalletDirectory Wallets { get; }

    public WalletLoads Loads { get; }

    public ChainSync Sync { get; }

    public RpcDispatcher Dispatcher { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Follows the node from now on.</summary>
    public void Attach()
    {
        _stop = new CancellationTokenSource();
        var feed = new ChainFeedService(_node.Context.Chainstate, _node.Mempool, _subscribers);
        _session = new NodeSession("the node of this process", feed, null, _stop.Token);
        _attached.Attach(_session);
        _following = Sync.FollowAsync(_session, _stop.Token);
    }

    /// <summary>The node is gone.</summary>
    public async Task DetachAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _attached.Detach("the test took it away");
    }

    /// <summary>The reply to a request, as text without the newline.</summary>
    public async Task<string> AskAsync(string path, string request)
    {
        ArrayBufferWriter<byte> reply = new();
        await Dispatcher.ExecuteAsync(Encoding.UTF8.GetBytes(request), path, "test", reply, Ct);
        return Encoding.UTF8.GetString(reply.WrittenSpan).TrimEnd('\n');
    }

    /// <summary>The result of a call; fails on an error. Parameters are JSON separated by commas.</summary>
    public async Task<JsonElement> CallAsync(string wallet, string method, string parameters = "")
    {
        using var reply = JsonDocument.Parse(await AskAsync("/wallet/" + wallet, Request(method, parameters)));
        var error = reply.RootElement.GetProperty("error");
        Assert.True(error.ValueKind == JsonValueKind.Null, $"{method}({parameters}): {error.GetRawText()}");
        return reply.RootElement.GetProperty("result").Clone();
    }

    /// <summary>The error of a call, as code and message; fails on a result.</summary>
    public async Task<string> RefusedAsync(string wallet, string method, string parameters = "")
    {
        using var reply = JsonDocument.Parse(await AskAsync("/wallet/" + wallet, Request(method, parameters)));
        var error = reply.RootElement.GetProperty("error");
        Assert.True(error.ValueKind == JsonValueKind.Object, $"{method}({parameters}) was not refused");
        return $"{error.GetProperty("code")} {error.GetProperty("message").GetString()}";
    }

    public async ValueTask DisposeAsync()
    {
        await DetachAsync();
        await Loads.DisposeAsync();
        await Wallets.DisposeAsync();
        await _subscribers.DisposeAsync();
        _stop.Dispose();
    }

    private static string Request(string method, string parameters) =>
        $$"""{"method":"{{method}}","params":[{{parameters}}],"id":0}""";
}
