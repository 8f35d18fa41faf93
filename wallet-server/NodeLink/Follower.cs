using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>A wallet and where it stands towards the node of a session. The loop's.</summary>
internal sealed class Follower(Wallet wallet)
{
    /// <summary>How far, seconds, the times in headers may be off. Core: TIMESTAMP_WINDOW.</summary>
    public const long ClockMargin = 7200;

    private ImmutableArray<Keychain> _keychains = wallet.Snapshot.Keychains;
    private long _birth = BirthOf(wallet.Snapshot);

    /// <summary>The wallet.</summary>
    public Wallet Wallet { get; } = wallet;

    /// <summary>It is known to stand on the node's chain: the fork was found.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>It is further than the node, and waits for it rather than going far back; until the node's chain changes.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It is held since the node does not store the block after its last one any more: old blocks can be looked at as far as they are there.</summary>
    public bool LacksBlocks { get; set; }

    /// <summary>It has begun to catch up, and that was said.</summary>
    public bool HasBegun { get; set; }

    /// <summary>It has been held in this session.</summary>
    public bool HasWaited { get; set; }

    /// <summary>It has caught up, and events go to it.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>It has been on the node's chain in this session; that the node is another one's meanwhile is the node's business.</summary>
    public bool WasServed { get; set; }

    /// <summary>It is not fed any more: unloaded, or it could not take in what the node sent.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Why it could not; null if it could, or is unloaded.</summary>
    public string? Failure { get; private set; }

    /// <summary>Its chain position includes events up to this one.</summary>
    public ulong ChainSequence { get; set; }

    /// <summary>What it knows of the mempool includes events up to this one.</summary>
    public ulong MempoolSequence { get; set; }

    /// <summary>The coins of which the node has said whether masternodes have locked them.</summary>
    public ImmutableHashSet<OutPoint> AskedCollaterals { get; set; } = [];

    /// <summary>The wallet's state now.</summary>
    public WalletSnapshot Snapshot => Wallet.Snapshot;

    /// <summary>The wallet's tip now.</summary>
    public BlockPoint Tip => Wallet.Snapshot.Tip;

    /// <summary>The first second that can concern the wallet, with Core's margin for the clocks of miners.</summary>
    public long Birth
    {
        get
        {
            // An import may bring older descriptors.
            var snapshot = Wallet.Snapshot;
            if (_keychains != snapshot.Keychains)
            {
                _keychains = snapshot.Keychains;
                _birth = BirthOf(snapshot);
            }

            return _birth;
        }
    }

    /// <summary>How many blocks it has taken back when it stands on this one.</summary>
    public int DepthAt(BlockPoint fork) => Math.Max(Tip.Height, Wallet.ReorganisedFrom) - fork.Height;

    /// <summary>May it go back so far without being told to?</summary>
    public bool MayGoBackTo(BlockPoint fork) =>
        DepthAt(fork) <= Snapshot.Settings.MaxReorganisation || Wallet.AcceptsReorganisation;

    /// <summary>It has gone forward; a chain as high as the one it left is its chain.</summary>
    public void GoneForward()
    {
        if (Tip.Height >= Wallet.ReorganisedFrom)
        {
            Wallet.ReorganisedFrom = 0;
        }
    }

    /// <summary>It must catch up again, from wherever the node's chain and its own part.</summary>
    public void Lose() => IsPlaced = IsFollowing = HasBegun = false;

    /// <summary>It is not fed any more in this session.</summary>
    /// <param name="reason">Why; null if it is unloaded.</param>
    public void LeaveOut(string? reason)
    {
        Lose();
        (IsLost, Failure) = (true, reason);
    }

    /// <summary>The first second that can concern a wallet.</summary>
    public static long BirthOf(WalletSnapshot snapshot) => snapshot.Keychains.IsEmpty
        ? 0
        : Math.Max(0, snapshot.Keychains.Min(keychain => keychain.CreationTime) - ClockMargin);
}
