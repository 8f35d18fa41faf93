using Dash.Ipc.Capabilities;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The node the wallets are attached to, if any. Written by whoever holds the connection, read by any thread without
/// waiting.
/// </summary>
internal sealed class AttachedNode
{
    private NodeSession? _session;
    private Waits _waiting = new("no -ipcconnect was given", IsWrongChain: false);
    private FeeMarket? _market;
    private long _attached;

    /// <summary>The present session, or null.</summary>
    public NodeSession? Session => Volatile.Read(ref _session);

    /// <summary>How often a node was there to attach to.</summary>
    public long Attached => Interlocked.Read(ref _attached);

    /// <summary>Why there is no session.</summary>
    public string Waiting => Volatile.Read(ref _waiting).Reason;

    /// <summary>What callers are told while there is no session.</summary>
    public string NotConnected => $"Not connected to a node ({Waiting})";

    /// <summary>A node answered, but of another network or chain.</summary>
    public bool IsWrongChain => Volatile.Read(ref _waiting).IsWrongChain;

    /// <summary>What the last node said about fees; null before any did.</summary>
    public FeeMarket? Market
    {
        get => Volatile.Read(ref _market);
        set => Volatile.Write(ref _market, value);
    }

    /// <summary>Cancelled when the daemon ends: who has stored a payment does not wait for the node's answer any longer.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The session or what is waited for is another. Called on the connecting loop.</summary>
    public event Action? Changed;

    /// <summary>The present session as far as it can be asked; null also from when its node went until that has been noted.</summary>
    public NodeSession? Live => Session is { Disconnected.IsCancellationRequested: false } session ? session : null;

    /// <summary>The present session, for what cannot be done without a node.</summary>
    /// <exception cref="IpcException">There is none; the kind is disconnected.</exception>
    public NodeSession Require() => Live ?? throw new IpcException(IpcErrorKind.Disconnected, NotConnected);

    /// <summary>A node is there, and it is one of ours.</summary>
    public void Attach(NodeSession session)
    {
        Volatile.Write(ref _session, session);
        Interlocked.Increment(ref _attached);
        Changed?.Invoke();
    }

    /// <summary>It is gone.</summary>
    public void Detach(string reason)
    {
        Volatile.Write(ref _session, null);
        Wait(reason);
    }

    /// <summary>What is waited for.</summary>
    /// <param name="reason">For people.</param>
    /// <param name="isWrongChain">A node is there, but of another network or chain.</param>
    public void Wait(string reason, bool isWrongChain = false)
    {
        Volatile.Write(ref _waiting, new Waits(reason, isWrongChain));
        Changed?.Invoke();
    }

    private sealed record Waits(string Reason, bool IsWrongChain);
}
