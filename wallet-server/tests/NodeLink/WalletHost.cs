using System.Collections.Immutable;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Wallets on disk and what keeps them on a chain: everything of the daemon between RPC and the node.</summary>
internal sealed class WalletHost : IAsyncDisposable
{
    // Whoever reads waits a little longer than this for a wallet that is behind.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(4);

    // The first of the vectors of BIP39.
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private readonly string _directory = Directory.CreateTempSubdirectory("dash-wallets-").FullName;
    private CancellationTokenSource? _stop;
    private NodeSession? _session;
    private Task _following = Task.CompletedTask;

    public WalletHost(WalletSettings? settings = null, ChainParams? network = null)
    {
        var options = SettingsFile.Read(Path.Combine(_directory, "settings.json"));
        Wallets = new WalletDirectory(
            Path.Combine(_directory, "wallets"), ChainParams.Regtest, settings ?? WalletSettings.Default with { KeypoolSize = 10 }, options, Clock);
        Rebroadcast = new Rebroadcast(Node, Wallets, Clock, Log);
        Sync = new ChainSync(Wallets, Node, Rebroadcast, network ?? ChainParams.Regtest, Clock, Log);
        Spender = new Spender(Node, Log);

        // Wallets are born with the chain unless a test says otherwise.
        Clock.SetMockTime(ChainParams.Regtest.Genesis.Header.Time);
    }

    public FakeChain Chain { get; } = new(ChainParams.Regtest);

    public Clock Clock { get; } = new();

    public LineLog Log { get; } = new();

    public AttachedNode Node { get; } = new();

    public WalletDirectory Wallets { get; }

    public Rebroadcast Rebroadcast { get; }

    public ChainSync Sync { get; }

    public Spender Spender { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Wallets that follow an empty chain.</summary>
    public static WalletHost Attached()
    {
        WalletHost host = new();
        host.Attach();
        return host;
    }

    /// <summary>A transaction of somebody else's that pays a wallet; nobody has seen it yet.</summary>
    public async Task<Transaction> PayAsync(Wallet wallet, Amount amount) => Chain.Pay(await NewScriptAsync(wallet), amount);

    /// <summary>
    /// A wallet as createwallet makes it, of the same keys in each run: a block's filter matches one in 784,931 scripts that are not in it (BIP158), so with
    /// keys by chance one run in some hundreds would fetch a block more.
    /// </summary>
    public async Task<Wallet> NewWalletAsync(string name)
    {
        var wallet = Wallets.Create(name, new NewWalletOptions { Mnemonic = Words, MnemonicPassphrase = name }, loadOnStart: null).Wallet;
        await Sync.JoinedAsync(wallet, Ct);
        return wallet;
    }

    public async Task<Wallet> LoadAsync(string name)
    {
        var wallet = Wallets.Load(name, loadOnStart: null).Wallet;
        await Sync.JoinedAsync(wallet, Ct);
        return wallet;
    }

    /// <summary>Begins to follow the chain, a second later than whatever was before and a second before whatever comes.</summary>
    public void Attach(bool hasOthers = false)
    {
        Clock.SetMockTime(Clock.MockTime + 1);
        AttachAtOnce(hasOthers);
        Clock.SetMockTime(Clock.MockTime + 1);
    }

    /// <summary>Begins to follow the chain in this very second.</summary>
    public void AttachAtOnce(bool hasOthers = false)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        _session = Chain.Connect();
        _session.HasOthers = hasOthers;
        var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _session.Disconnected);
        Node.Attach(_session);
        _following = Sync.FollowAsync(_session, either.Token);
    }

    /// <summary>Returns when following has ended, with what ended it.</summary>
    public async Task<Exception?> EndedAsync()
    {
        var failure = await Record.ExceptionAsync(() => _following.WaitAsync(TimeSpan.FromSeconds(60), Ct));
        Node.Detach("test");
        return failure;
    }

    /// <summary>Returns when following has failed, with what it failed with; the node is there as before.</summary>
    public async Task<Exception?> FailedAsync() => await Record.ExceptionAsync(() => _following.WaitAsync(TimeSpan.FromSeconds(60), Ct));

    /// <summary>The node dies and the loop has noticed.</summary>
    public async Task NodeDiesAsync()
    {
        Chain.Die();
        Assert.IsType<OperationCanceledException>(await EndedAsync(), exactMatch: false);
    }

    /// <summary>All wallets have seen what the node has done.</summary>
    public async Task SyncedAsync()
    {
        foreach (var wallet in Wallets.All)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await Sync.SyncedAsync(wallet, Ct);
            if (TimeProvider.System.GetElapsedTime(begun) > LeastPatience)
            {
                // A busy machine: who reads is answered before the wallet is there.
                await UntilAsync(() => wallet.Snapshot.Tip.Hash == Chain.Tip.Hash);
            }

            Assert.Equal(Chain.Tip.Hash, wallet.Snapshot.Tip.Hash);
        }
    }

    /// <summary>Waits for something that nothing announces.</summary>
    public static async Task UntilAsync(Func<bool> isTrue)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!isTrue())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    public static async Task<Script> NewScriptAsync(Wallet wallet) => ScriptOf(await wallet.NewAddressAsync("", Ct));

    public static Script ScriptOf(string address)
    {
        Assert.True(AddressCodec.TryDecode(address, ChainParams.Regtest.Prefixes, out var destination, out var error), error);
        return destination.ToScript();
    }

    public static Amount Trusted(Wallet wallet) => Balances.Of(wallet.Snapshot).Trusted;

    public static Amount Pending(Wallet wallet) => Balances.Of(wallet.Snapshot).UntrustedPending;

    public Task<SentPayment> SendAsync(Wallet wallet, Script to, Amount amount) => Spender.SendAsync(
        wallet, [new Payment(to, amount)], CoinControl.Default, ImmutableSortedDictionary<string, string>.Empty, Ct);

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null) await _stop.CancelAsync();
        await EndedAsync();
        await Wallets.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
