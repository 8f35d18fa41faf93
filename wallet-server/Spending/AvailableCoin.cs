using Dash.Primitives.Scripts;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>A coin as a payment or a list sees it.</summary>
/// <param name="Coin">The coin.</param>
/// <param name="Depth">Confirmations.</param>
/// <param name="InputSize">Bytes of a signed input that spends it; -1 when the wallet cannot tell.</param>
/// <param name="IsSafe">Can be counted on.</param>
/// <remarks>In a wallet of descriptors every own coin counts as spendable, also in a wallet that only watches.</remarks>
internal readonly record struct AvailableCoin(Coin Coin, int Depth, int InputSize, bool IsSafe)
{
    /// <summary>It is of the form that is tried first: to a key hash or a script hash.</summary>
    public bool IsOrdinary { get; } = IsOrdinaryScript(Coin.Script);

    /// <summary>Its amount is one of those that are mixed.</summary>
    public bool IsDenominated { get; } = Denominations.Contains(Coin.Value);

    /// <summary>The wallet knows what is needed to spend it, apart from secrets.</summary>
    public bool IsSolvable => InputSize >= 0;

    /// <summary>Worth after paying for its own input.</summary>
    public Amount EffectiveValue(FeeRate rate) => Coin.Value - rate.GetFee(Math.Max(InputSize, 0));

    private static bool IsOrdinaryScript(Script script) =>
        ScriptTemplates.IsPayToPubKeyHash(script.Span) || ScriptTemplates.Solve(script).Kind is ScriptKind.PubKeyHash or ScriptKind.ScriptHash;
}
