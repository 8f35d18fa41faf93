using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>Which transactions are standard: the common rules with this node's settings. Pure.</summary>
internal static class Policy
{
    /// <summary>Bytes of the smallest transaction that is relayed.</summary>
    public const int MinTransactionSize = Standardness.MinSize;

    /// <summary>Signature operations of a relayed transaction.</summary>
    public const int MaxSigOps = Standardness.MaxSigOps;

    /// <summary>Form of the transaction itself.</summary>
    public static ValidationState CheckStandard(Transaction transaction, PolicySettings settings) =>
        Standardness.Check(transaction, settings.Standard) is { } reason
            ? ValidationState.Invalid(InvalidKind.NotStandard, reason)
            : ValidationState.Valid;

    /// <summary>Whether the coins a transaction spends have standard scripts, and cheap ones behind hashes.</summary>
    public static bool AreInputsStandard(Transaction transaction, IReadOnlyList<Coin> spent) =>
        Standardness.AreInputsStandard(transaction, [.. spent.Select(static coin => coin.Output.ScriptPubKey)]);

    /// <summary>Size for fees: a transaction full of signature operations counts as larger.</summary>
    public static int VirtualSize(int size, int sigOps, PolicySettings settings) =>
        Math.Max(size, sigOps * settings.BytesPerSigOp);
}
