using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>A transaction of a block that may concern a wallet, and its place in the block.</summary>
internal readonly record struct MatchedTx(int Index, Transaction Tx);
