using System.Runtime.CompilerServices;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// How far the wallets have followed the node, and who waits for that. Numbers are those of the present session; when it
/// ends nobody waits any longer. The loop writes, any thread waits.
/// </summary>
internal sealed class SequenceGate(TimeProvider time)
{
    private readonly Lock _gate = new(); // protects all below

    // Also those that are gone, of whom somebody may still ask; it keeps none of them in memory.
    private readonly ConditionalWeakTable<Wallet, StrongBox<ulong>> _following = [];
    private readonly Dictionary<Wallet, long> _behind = [];
    private readonly Dictionary<Wallet, NodeStatus> _held = [];
    private readonly Dictionary<Wallet, NodeStatus> _leftOut = [];
    private readonly List<Waiter> _waiters = [];
    private bool _isOpen;
    private bool _hasLooked;
    private ulong _handled;

    /// <summary>A wallet waits for something that only the node or the user can change. Called by who says so.</summary>
    public event Action<Wallet, NodeStatus>? Held;

    /// <summary>Whom the session's node does not serve.</summary>
    public UnservedWallets Unserved { get; } = new();

    /// <summary>Number of the last event that all following wallets have stored.</summary>
    public ulong Handled
    {
        get
        {
            lock (_gate)
            {
                return _handled;
            }
        }
    }

    /// <summary>A wallet is not yet where the node is.</summary>
    public bool IsCatchingUp
    {
        get
        {
            lock (_gate)
            {
                return _behind.Count > 0;
            }
        }
    }

    /// <summary>What the wallet (null: any wallet, which is named then) waits for beyond blocks; null if for nothing.</summary>
    public NodeStatus? HeldBack(Wallet? wallet)
    {
        lock (_gate)
        {
            return Find(_held, wallet);
        }
    }

    /// <summary>That the wallet (null: any wallet, which is named then) is not fed any more; null if it is.</summary>
    public NodeStatus? LeftOut(Wallet? wallet)
    {
        lock (_gate)
        {
            return Find(_leftOut, wallet);
        }
    }

    /// <summary>
    /// The wallet waits for something that only the node or the user can change, perhaps for ever, so nobody waits for it; null:
    /// no longer.
    /// </summary>
    public void Hold(Wallet wallet, NodeStatus? status)
    {
        lock (_gate)
        {
            if (status is null)
            {
                _held.Remove(wallet);
            }
            else
            {
                _held[wallet] = status;
                Release();
            }
        }

        if (status is not null)
        {
            Held?.Invoke(wallet, status);
        }
    }

    /// <summary>Is the wallet (null: any) not yet where the node is? All of them while nothing follows the node.</summary>
    public bool IsBehind(Wallet? wallet)
    {
        lock (_gate)
        {
            return !_isOpen || (wallet is null ? !_hasLooked || _behind.Count > 0 : !_following.TryGetValue(wallet, out _));
        }
    }

    /// <summary>For how long the wallet has been behind; null if it follows, or is unknown here.</summary>
    public TimeSpan? BehindFor(Wallet wallet)
    {
        lock (_gate)
        {
            return _behind.TryGetValue(wallet, out var since) ? time.GetElapsedTime(since) : null;
        }
    }

    /// <summary>A session begins; events up to this number are not delivered in it. May be said again, with the number.</summary>
    public void Open(ulong handled)
    {
        lock (_gate)
        {
            _following.Clear();
            _behind.Clear();
            _held.Clear();
            _leftOut.Clear();
            _hasLooked = false;
            _handled = handled;
            _isOpen = true;
        }

        Unserved.Clear();
    }

    /// <summary>The session's wallets are known: those that are behind have been said to be.</summary>
    public void Look()
    {
        lock (_gate)
        {
            _hasLooked = true;
        }
    }

    /// <summary>The session has ended: all who wait go on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            _following.Clear();
            _behind.Clear();
            _held.Clear();
            _leftOut.Clear();
            Release();
        }

        Unserved.Clear();
    }

    /// <summary>The wallet must catch up first.</summary>
    public void Lose(Wallet wallet)
    {
        lock (_gate)
        {
            _following.Remove(wallet);
            _behind.TryAdd(wallet, time.GetTimestamp());
        }
    }

    /// <summary>The wallet has caught up with everything up to this event.</summary>
    public void Follow(Wallet wallet, ulong sequence)
    {
        lock (_gate)
        {
            _behind.Remove(wallet);
            _held.Remove(wallet);
            _following.AddOrUpdate(wallet, new(sequence));
            Release();
        }
    }

    /// <summary>The wallet is no longer there, or is not fed any more: nobody waits for it.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="failure">Why it is not fed any more; null if it is no longer there.</param>
    public void Forget(Wallet wallet, string? failure = null)
    {
        lock (_gate)
        {
            _behind.Remove(wallet);
            _held.Remove(wallet);
            _leftOut.Remove(wallet);
            if (failure is not null)
            {
                _leftOut.Add(wallet, new(
                    NodeState.CatchingUp, $"what the node has told could not be stored ({failure}): it follows again once it is loaded again or the node is connected again"));
            }

            _following.AddOrUpdate(wallet, new(ulong.MaxValue));
            Release();
        }

        Unserved.Remove(wallet);
    }

    /// <summary>The wallets that follow have stored everything up to this event.</summary>
    public void Advance(ulong handled)
    {
        lock (_gate)
        {
            _handled = Math.Max(_handled, handled);
            Release();
        }
    }

    /// <summary>Wallets that follow have nothing to store of what was told up to this event: nobody waits for others because of them.</summary>
    public void Reach(IReadOnlyList<Wallet> wallets, ulong sequence)
    {
        lock (_gate)
        {
            foreach (var wallet in wallets)
            {
                if (_following.TryGetValue(wallet, out var reached))
                {
                    reached.Value = Math.Max(reached.Value, sequence);
                }
            }

            Release();
        }
    }

    /// <summary>Number of the last event that the wallet has stored; null while it does not follow.</summary>
    public ulong? ReachedBy(Wallet wallet)
    {
        lock (_gate)
        {
            return _isOpen ? ReachedCore(wallet) : null;
        }
    }

    /// <summary>Returns when the wallet (null: every wallet) has stored what the event told, or the session has ended.</summary>
    public async Task ReachedAsync(Wallet? wallet, ulong sequence, CancellationToken ct)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (!_isOpen || IsReached(wallet, sequence))
            {
                return;
            }

            waiter = new Waiter(wallet, sequence);
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Done.Task.WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private static NodeStatus? Find(Dictionary<Wallet, NodeStatus> all, Wallet? wallet) => wallet is not null
        ? all.GetValueOrDefault(wallet)
        : all.Count > 0 && all.MinBy(static pair => pair.Value.State) is var (who, status)
            ? status with { Reason = $"[{who.ShownName}] {status.Reason}" }
            : null;

    private void Release()
    {
        foreach (var waiter in _waiters)
        {
            if (!_isOpen || IsReached(waiter.Wallet, waiter.Sequence))
            {
                waiter.Done.TrySetResult();
            }
        }
    }

    private bool IsReached(Wallet? wallet, ulong sequence) => wallet is null
        ? _behind.Keys.All(_held.ContainsKey) && _handled >= sequence
        : ReachedCore(wallet) >= sequence;

    private ulong? ReachedCore(Wallet wallet) => _following.TryGetValue(wallet, out var caughtUp) ? Math.Max(caughtUp.Value, _handled)
        : _held.ContainsKey(wallet) ? _handled
        : null;

    private sealed record Waiter(Wallet? Wallet, ulong Sequence)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
