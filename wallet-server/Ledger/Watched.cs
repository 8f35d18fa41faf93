using System.Collections.Immutable;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// What a block is searched for, as it was when the search began: a search holds for a state with an equal one. Scripts come into the
/// index before the state that has them is published, so their version is taken and not the index.
/// </summary>
internal readonly record struct Watched(
    SnapshotMap<OutPoint, Coin> Coins, SnapshotMap<Txid, PendingTx> Pending, ImmutableDictionary<Txid, Transaction> GivenUp, int Scripts);
