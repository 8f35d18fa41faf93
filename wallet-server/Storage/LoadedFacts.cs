using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Storage;

/// <summary>What our tables say when a wallet is loaded, or what they were just filled with.</summary>
internal sealed record LoadedFacts(
    Dictionary<OutPoint, Coin> Coins,
    Dictionary<Txid, PendingTx> Pending,
    IReadOnlyList<Transaction> GivenUp,
    long TxCount,
    long NextPosition,
    HashSet<BlockHash> UnknownBlocks,
    bool HasErrors);
