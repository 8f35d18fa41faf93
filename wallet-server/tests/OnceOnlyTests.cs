using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Rpc;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.WalletServer.Tests;

/// <summary>What callers who name their payments hear.</summary>
public sealed class OnceOnlyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The payment is stored, and then the wallet is not there to store the answer: who heard of an error would pay again.</summary>
    [Theory]
    [InlineData("sendtoaddress", "\"ADDRESS\",1")]
    [InlineData("send", "{\"ADDRESS\":1}")]
    public async Task Who_has_paid_hears_so_also_when_the_answer_cannot_be_kept(string method, string parameters)
    {
        await using var host = WalletHost.Attached();
        await RichAsync(host);
        var request = Request(method, parameters);
        Task? unloading = null;
        host.Chain.OnBroadcast = () => unloading ??= host.Wallets.UnloadAsync("alice", null);

        var answer = await AskAsync(host, request);

        var made = Assert.Single(host.Chain.Offered).Txid.ToString();
        Assert.Contains(made, answer, StringComparison.Ordinal);
        await unloading!;
        await host.LoadAsync("alice");
        Assert.Equal(answer, await AskAsync(host, request));
        Assert.Single(host.Chain.Offered);
    }

    /// <summary>Nothing can be read of the wallet either: its file is ahead of what it knows.</summary>
    [Fact]
    public async Task Who_has_paid_hears_so_also_when_the_file_breaks_before_the_answer_is_kept()
    {
        await using var host = WalletHost.Attached();
        var wallet = await RichAsync(host);
        var request = Request("sendtoaddress", "\"ADDRESS\",1");
        host.Chain.OnBroadcast = () =>
        {
            if (wallet.Broken is null)
            {
                BreakAsync(wallet).Wait(Ct);
            }
        };

        var answer = await AskAsync(host, request);

        Assert.NotNull(wallet.Broken);
        Assert.Throws<WalletException>(wallet.OpenView);
        Assert.Equal($"\"{Assert.Single(host.Chain.Offered).Txid}\"", answer);
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        await host.LoadAsync("alice");
        Assert.Equal(answer, await AskAsync(host, request));
        Assert.Single(host.Chain.Offered);
    }

    /// <summary>Nobody has the transaction, and under the same key another one is made: of two sets of coins one would stay aside.</summary>
    [Theory]
    [InlineData("send", "{\"ADDRESS\":1},null,\"unset\",1,{\"psbt\":true,\"lock_unspents\":true}")]
    [InlineData("send", "{\"ADDRESS\":1},null,\"unset\",1,{\"add_to_wallet\":false,\"lock_unspents\":true}")]
    [InlineData("walletcreatefundedpsbt", "[],[{\"ADDRESS\":1}],0,{\"lockUnspents\":true}")]
    public async Task Who_gives_up_before_the_answer_has_set_no_coins_aside(string method, string parameters)
    {
        await using var host = WalletHost.Attached();
        var wallet = await RichAsync(host);
        var request = Request(method, parameters);
        using CancellationTokenSource deadline = new();
        SignerOf(wallet) = new LateSigner(wallet.Signer) { BeforeFilling = deadline.Cancel };
        var next = wallet.Snapshot.Keychains[wallet.Snapshot.ActiveInternal].NextIndex;

        await Record.ExceptionAsync(() => ExecuteAsync(host, request, deadline.Token));

        Assert.True(deadline.IsCancellationRequested);
        Assert.Empty(wallet.Snapshot.LockedCoins);
        Assert.Equal(next, wallet.Snapshot.Keychains[wallet.Snapshot.ActiveInternal].NextIndex);
        Assert.True(wallet.Holds.IsEmpty);
        await AskAsync(host, request);
        Assert.Single(wallet.Snapshot.LockedCoins);
        Assert.Equal(next + 1, wallet.Snapshot.Keychains[wallet.Snapshot.ActiveInternal].NextIndex);
    }

    private static async Task<Wallet> RichAsync(WalletHost host)
    {
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(await host.PayAsync(wallet, new Amount(1_000_000_000)));
        host.Chain.MineMany(6);
        await host.SyncedAsync();
        return wallet;
    }

    private static string Request(string method, string parameters)
    {
        var receiver = AddressCodec.Encode(new Destination.PubKeyHash(default), ChainParams.Regtest.Prefixes);
        var filled = parameters.Replace("ADDRESS", receiver, StringComparison.Ordinal);
        return $"{{\"method\":\"{method}\",\"params\":[{filled}],\"idempotency_key\":\"one\",\"id\":0}}";
    }

    // What others change at the same time is stored, and nobody hears so.
    private static async Task BreakAsync(Wallet wallet)
    {
        using var held = await HeldWriter.HoldAsync(wallet);
        Task[] changes = [wallet.NewAddressAsync("", Ct), wallet.RunOnWriterAsync("COMMIT")];
        await held.QueuedAsync(changes.Length);
        await held.ReleaseAsync();
        await ((Task)Task.WhenAll(changes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<string> AskAsync(WalletHost host, string request)
    {
        var text = await ExecuteAsync(host, request, Ct);
        using var parsed = JsonDocument.Parse(text);
        Assert.True(parsed.RootElement.GetProperty("error").ValueKind == JsonValueKind.Null, text);
        return parsed.RootElement.GetProperty("result").GetRawText();
    }

    private static async Task<string> ExecuteAsync(WalletHost host, string request, CancellationToken ct)
    {
        WalletContext context = new()
        {
            Wallets = host.Wallets,
            Loads = new WalletLoads(host.Wallets, host.Clock, CancellationToken.None),
            Sync = host.Sync,
            Node = host.Node,
            Spender = host.Spender,
            Clock = host.Clock,
        };
        RpcTable table = new();
        table.Add(WalletMethods.All, call => WalletCall.Of(call, context), OnceOnly.Around);
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { Translate = WalletErrors.Translate, ChecksResults = true };
        dispatcher.Warmup.Finish();
        ArrayBufferWriter<byte> reply = new();
        await dispatcher.ExecuteAsync(Encoding.UTF8.GetBytes(request), "/wallet/alice", "test", reply, ct);
        return Encoding.UTF8.GetString(reply.WrittenSpan);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Signer>k__BackingField")]
    private static extern ref ISigner SignerOf(Wallet wallet);

    /// <summary>Something happens right before a PSBT is filled.</summary>
    private sealed class LateSigner(ISigner signer) : ISigner
    {
        public required Action BeforeFilling { get; init; }

        public ValueTask<SignedTransaction> SignAsync(
            Transaction tx,
            IReadOnlyList<TxOut?> spent,
            Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find,
            SigHashType type,
            CancellationToken ct) => signer.SignAsync(tx, spent, find, type, ct);

        public ValueTask FillAsync(
            PartiallySignedTransaction psbt, Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find, PsbtFill fill, CancellationToken ct)
        {
            BeforeFilling();
            return signer.FillAsync(psbt, find, fill, ct);
        }
    }
}
