using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.RawTransactions;

/// <summary>Transactions as callers give them: hex.</summary>
internal static class RawTransactionText
{
    /// <summary>The argument that protects a caller from a fee nobody means to pay: by default 0.1 DASH per 1,000 bytes.</summary>
    public static RpcArg<Amount> MaxFeeRate() => Arg.Amount("maxfeerate", new Amount(Amount.DuffsPerDash / 10),
        "Refuse a higher fee rate than this, in DASH per 1,000 bytes; 0 for any.");

    /// <summary>Reads the hex of one whole transaction.</summary>
    public static bool TryParse(string hex, [NotNullWhen(true)] out Transaction? transaction)
    {
        transaction = null;
        return Hex.TryDecode(hex, out var bytes) && Transaction.TryParse(bytes, out transaction);
    }
}
