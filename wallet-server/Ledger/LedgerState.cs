using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>What a decision may look at: the newest snapshot, and point questions to history in the same state.</summary>
internal sealed class LedgerState(WalletSnapshot snapshot, IHistory history)
{
    /// <summary>What is true now.</summary>
    public WalletSnapshot Snapshot { get; } = snapshot;

    /// <summary>What was decided about secrets and is not stored yet, in its order: the ring does not have it.</summary>
    public IReadOnlyList<SecretChange> ComingSecrets { get; init; } = [];

    /// <summary>What the file remembers.</summary>
    public IHistory History { get; } = history;

    /// <summary>A transaction of the wallet with its present state, or null.</summary>
    public WalletTx? Find(Txid txid) => Snapshot.Pending.Find(txid)?.Tx ?? History.Find(txid);

    /// <summary>The same for one that is at hand.</summary>
    public WalletTx? Find(Transaction known) => Snapshot.Pending.Find(known.Txid)?.Tx ?? History.Find(known);
}
