using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Spending;

/// <summary>An estimate for a target: the conservative rate, null when the node has too little data.</summary>
internal sealed record FeeEstimate(int Target, FeeRate? Rate, int ActualTarget)
{
    /// <summary>The economical rate; null when the node has too little data, or is one that does not tell it.</summary>
    public FeeRate? Economical { get; init; }

    /// <summary>Which of the node's estimates the conservative rate is, in Core's words; empty if it does not tell.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same of the economical rate.</summary>
    public string EconomicalReason { get; init; } = "";

    /// <summary>The rate for a mode, and why. A node that does not tell the economical one has the conservative one.</summary>
    public FeeChoice? For(FeeMode mode)
    {
        var (rate, reason) = mode == FeeMode.Economical && Economical is { } economical
            ? (economical, EconomicalReason)
            : (Rate, Reason);
        return rate is { IsZero: false } known ? new FeeChoice(known, reason.Length == 0 ? FeeReason.Untold : reason) : null;
    }
}

/// <summary>How long the unconfirmed chains around a transaction are, itself included.</summary>
/// <param name="Ancestors">Transactions it builds on.</param>
/// <param name="Descendants">The most that any of its ancestors or itself has building on it.</param>
internal readonly record struct ChainLength(int Ancestors, int Descendants);

/// <summary>What the node says about fees at one moment.</summary>
internal sealed record FeeMarket
{
    /// <summary>Longest target an estimate can be asked for, blocks.</summary>
    public const int LongestTarget = 1008;

    /// <summary>A node with an empty mempool and no estimates, with Core's default limits.</summary>
    public static FeeMarket Quiet { get; } = new();

    /// <summary>Least rate the node relays.</summary>
    public FeeRate MinRelay { get; init; } = new(1000);

    /// <summary>Least rate its mempool takes now.</summary>
    public FeeRate MempoolMin { get; init; } = new(1000);

    /// <summary>The rate that says what dust is.</summary>
    public FeeRate DustRelay { get; init; } = new(3000);

    /// <summary>The estimates asked for.</summary>
    public ImmutableArray<FeeEstimate> Estimates { get; init; } = [];

    /// <summary>The node is still catching up with the network.</summary>
    public bool IsInitialDownload { get; init; }

    /// <summary>Most transactions of a chain in the mempool.</summary>
    public int MaxAncestors { get; init; } = 25;

    /// <summary>Most descendants of a transaction in the mempool.</summary>
    public int MaxDescendants { get; init; } = 25;

    /// <summary>What the mempool knows of chains of pending transactions, others' among them; as far as it was asked.</summary>
    public ImmutableDictionary<Txid, ChainLength> Chains { get; init; } = ImmutableDictionary<Txid, ChainLength>.Empty;

    /// <summary>The estimate for a target, if the node has one; never zero.</summary>
    public FeeChoice? EstimateFor(int target, FeeMode mode) =>
        Estimates.FirstOrDefault(estimate => estimate.Target == target)?.For(mode);
}
