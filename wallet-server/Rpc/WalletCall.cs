using Dash.Primitives.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>A call of one of the wallet's methods: its arguments, which wallet it means, and the rest of the daemon.</summary>
internal sealed class WalletCall(RpcInvocation invocation, WalletContext context) : RpcCall(invocation)
{
    /// <summary>A call with a spender of its own where the caller said something about its payment.</summary>
    public static WalletCall Of(RpcInvocation invocation, WalletContext context)
    {
        var ticket = OnceOnly.TicketOf(invocation);
        return new(invocation, ticket == SpendTicket.None ? context : context with { Spender = context.Spender.For(ticket) });
    }

    /// <summary>What the caller opens the secrets with for this call alone; null if it gave none.</summary>
    public string? Passphrase => Request.Passphrase;

    /// <summary>Secrets that are open for this call alone; null where those of the wallet count.</summary>
    public KeyRing? OwnKeys { get; private init; }

    /// <summary>The daemon's parts.</summary>
    public WalletContext Context { get; } = context;

    /// <summary>The same call with secrets of its own.</summary>
    public WalletCall With(KeyRing keys) => new(Invocation, Context with { Spender = Context.Spender.With(keys) }) { OwnKeys = keys };

    /// <summary>Who signs for this call.</summary>
    public ISigner SignerOf(Wallet wallet) => Context.Spender.SignerOf(wallet);

    /// <summary>The loaded wallet that the path names, or the only one there is.</summary>
    /// <exception cref="RpcError">Code -18 or -19.</exception>
    public Wallet Wallet()
    {
        var wallet = Named();
        if (Options.WantsState)
        {
            Request.State ??= new ReflectedState(wallet);
        }

        return wallet;
    }

    private Wallet Named()
    {
        if (WalletName is { } name)
        {
            return Context.Wallets.Find(name) ?? throw NotLoaded();
        }

        return Context.Wallets.All switch
        {
            [var only] => only,
            [] => throw new RpcError(
                RpcErrorCode.WalletNotFound,
                "No wallet is loaded. Load a wallet using loadwallet or create a new one with createwallet. " +
                "(Note: A default wallet is no longer automatically created)"),
            _ => throw new RpcError(
                RpcErrorCode.WalletNotSpecified,
                "Wallet file not specified (must request wallet RPC through /wallet/<filename> uri-path)."),
        };
    }

    /// <summary>
    /// The same, once it reflects what the node had done when the call came. Without a node it is the wallet as it is.
    /// </summary>
    /// <exception cref="RpcError">Code -18 or -19.</exception>
    public ValueTask<Wallet> SyncedWalletAsync(CancellationToken ct)
    {
        var wallet = Wallet();
        if (Request.Shared?.Held is not null)
        {
            return new(wallet);
        }

        var synced = Context.Sync.SyncedAsync(wallet, ct);
        return synced.IsCompletedSuccessfully ? new(wallet) : AfterAsync(synced, wallet);

        static async ValueTask<Wallet> AfterAsync(ValueTask synced, Wallet wallet)
        {
            await synced;
            return wallet;
        }
    }

    /// <summary>The state that this call is answered from: the newest one, or the one that its batch shares.</summary>
    public WalletSnapshot SnapshotOf(Wallet wallet) => Note(Shared(wallet)?.Snapshot ?? wallet.Snapshot);

    /// <summary>The same with what is on disk. Dispose it soon.</summary>
    public WalletView OpenView(Wallet wallet)
    {
        var view = Shared(wallet)?.Share() ?? wallet.OpenView();
        Note(view.Snapshot);
        return view;
    }

    /// <summary>The wallet's lists whose rows are kept, where so many rows are worth it; else null.</summary>
    public WalletLists.OfWallet? ListsOf(Wallet wallet, long rows) =>
        Context.Lists is { } lists && lists.Takes(rows) ? lists.Of(wallet) : null;

    /// <summary>The call is part of a batch that is answered from one state.</summary>
    public bool IsShared => Request.Shared is not null;

    /// <summary>Refuses what would wait for the end of its own batch.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public void RefuseShared()
    {
        if (IsShared)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"{Method.Name} cannot be in a batch that is answered from one state");
        }
    }

    // A wallet that is looked at is not unloaded, so it is the same one for the whole batch.
    private WalletView? Shared(Wallet wallet) =>
        Request.Shared is { } shared ? (WalletView)(shared.Held ??= wallet.OpenView()) : null;

    private WalletSnapshot Note(WalletSnapshot snapshot)
    {
        if (Request.State is ReflectedState state)
        {
            state.Seen = snapshot;
        }

        return snapshot;
    }

    /// <summary>A label; <c>*</c> is none, since it means all of them elsewhere.</summary>
    /// <exception cref="RpcError">Code -11.</exception>
    public string GetLabel(RpcArg<string> arg)
    {
        var label = Get(arg);
        return label != "*" ? label : throw new RpcError(RpcErrorCode.InvalidLabelName, "Invalid label name");
    }

    /// <summary>Whether to leave money on used addresses alone: as asked, else as the wallet is set.</summary>
    /// <exception cref="RpcError">Code -4: asked for in a wallet that does not keep track.</exception>
    public bool GetAvoidReuse(RpcArg<bool?> arg, WalletSnapshot snapshot)
    {
        var isKept = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);
        var isWanted = Get(arg) ?? isKept;
        return isKept || !isWanted
            ? isWanted
            : throw new RpcError(RpcErrorCode.Wallet, "wallet does not have the \"avoid reuse\" feature enabled");
    }

    /// <summary>Refuses if secrets are needed and locked away.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public void RequireKeys(Wallet wallet)
    {
        if (OwnKeys is null)
        {
            RequireUnlocked(wallet);
        }
    }

    /// <summary>The same for what takes the wallet's own secrets.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public static void RequireUnlocked(Wallet wallet)
    {
        if (wallet.Keys.IsLocked)
        {
            throw WalletException.Locked();
        }
    }

    /// <summary>Whom an address of the wallet's network names.</summary>
    /// <param name="address">The address.</param>
    /// <param name="wallet">The wallet.</param>
    /// <param name="refusal">What to say if it names nobody.</param>
    /// <exception cref="RpcError">Code -5.</exception>
    public static Destination RequireDestination(
        string address, WalletSnapshot wallet, string refusal = "Invalid Dash address") =>
        AddressCodec.TryDecode(address, wallet.Chain.Prefixes, out var destination, out _)
            ? destination
            : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, refusal);

    /// <summary>No wallet of that name is loaded.</summary>
    public static RpcError NotLoaded() =>
        new(RpcErrorCode.WalletNotFound, "Requested wallet does not exist or is not loaded");
}
