using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>What a caller said about a payment beside what is paid. One call's.</summary>
/// <param name="Key">The caller's name for the payment; null for none.</param>
/// <param name="Hash">Of method and arguments.</param>
/// <param name="Spool">Whether to pay without a node; null leaves it to the daemon.</param>
internal sealed record SpendTicket(string? Key, Uint256 Hash, bool? Spool)
{
    /// <summary>Nothing said.</summary>
    public static SpendTicket None { get; } = new(null, Uint256.Zero, null);

    /// <summary>What was stored with the payment of this call; null as long as none is, and without a key.</summary>
    public SpendRequest? Stored { get; private set; }

    /// <summary>The payment is stored: whatever fails from now on, it is made.</summary>
    /// <param name="request">What was stored with it; null without a key.</param>
    public void Note(SpendRequest? request) => Stored = request ?? Stored;

    /// <summary>What is stored with the payment; null without a key.</summary>
    public SpendRequest? For(Txid txid, long now) => Key is { } key ? new SpendRequest(key, Hash, txid, now) : null;
}
