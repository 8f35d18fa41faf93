using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>Point questions to the stored history. Answered from one consistent state of the file.</summary>
internal interface IHistory
{
    /// <summary>The transaction, or null.</summary>
    public WalletTx? Find(Txid txid);

    /// <summary>The same for one that is at hand: what is stored of it is not read once more.</summary>
    public WalletTx? Find(Transaction known);

    /// <summary>A caller's request that was fulfilled under this key; null if none was.</summary>
    public SpendRequest? Request(string key);

    /// <summary>Wallet transactions, alive or not, with an input that spends this output.</summary>
    public IReadOnlyList<Txid> Spenders(OutPoint outPoint);

    /// <summary>The shown time of the latest arrival whose time is at most this; null if there is none.</summary>
    public long? LatestTime(long notAfter);

    /// <summary>Transactions confirmed or conflicted by a block above this height.</summary>
    public IReadOnlyList<Txid> Above(int height);

    /// <summary>All transactions, the last to arrive first; read as far as needed.</summary>
    public IEnumerable<WalletTx> NewestFirst();

    /// <summary>Is there a record of Core's with this key?</summary>
    public bool HasRecord(byte[] key);

    /// <summary>What the caller of a job is answered, as JSON, and the timestamps of its requests; null where nothing was stored.</summary>
    public (string? Answer, IReadOnlyList<long>? Timestamps) JobAnswer(long id);

    /// <summary>Transactions whose state names this block.</summary>
    public IReadOnlyList<Txid> InBlock(BlockHash block);
}
