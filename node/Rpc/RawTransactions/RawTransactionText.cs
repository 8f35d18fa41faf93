using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

/// <summary>Transactions as callers give them: hex.</summary>
internal static class RawTransactionText
{
    /// <summary>The argument that protects a caller from a fee nobody means to pay: by default 0.1 DASH per 1,000 bytes.</summary>
    public static RpcArg<Amount> MaxFeeRate() => Arg.Amount("maxfeerate", new Amount(Amount.DuffsPerDash / 10),
        "Refuse a higher fee rate than this, in DASH per 1,000 bytes; 0 for any.") with { DefaultText = "\"0.10\"" };

    /// <summary>Reads a transaction.</summary>
    /// <exception cref="RpcError">Code -22.</exception>
    public static Transaction Parse(string hex) => TransactionArgs.TryParse(hex, out var transaction)
        ? transaction
        : throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed. Make sure the tx has at least one input.");

    /// <summary>A package has at least one transaction and not too many.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static void CheckCount(int count, int most)
    {
        if (count < 1 || count > most)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Array must contain between 1 and {most} transactions.");
        }
    }

    /// <summary>Reads a package.</summary>
    /// <exception cref="RpcError">Codes -8 and -22.</exception>
    public static IReadOnlyList<Transaction> ParsePackage(IReadOnlyList<string> texts, int most)
    {
        CheckCount(texts.Count, most);
        return [.. texts.Select(static text => TransactionArgs.TryParse(text, out var transaction)
            ? transaction
            : throw new RpcError(RpcErrorCode.Deserialization, $"TX decode failed: {text} Make sure the tx has at least one input."))];
    }
}
