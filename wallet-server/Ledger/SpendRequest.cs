using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>A payment that a caller asked for under a key of its own. It is stored with the payment, in one write.</summary>
/// <param name="Key">The caller's key.</param>
/// <param name="Hash">Of method and arguments: the same key with others is a mistake.</param>
/// <param name="Txid">The payment.</param>
/// <param name="Time">When, seconds since 1970; as stored, not before the time of the chain's tip.</param>
internal sealed record SpendRequest(string Key, Uint256 Hash, Txid Txid, long Time)
{
    /// <summary>The longest key.</summary>
    public const int MaxKey = 255;

    /// <summary>So long, seconds, keys are kept at least, by the clock and by the chain's time: 90 days.</summary>
    public const long Lifetime = 90L * 24 * 60 * 60;

    /// <summary>The answer's JSON as it was given; null if the process ended before.</summary>
    public ReadOnlyMemory<byte>? Answer { get; init; }
}
