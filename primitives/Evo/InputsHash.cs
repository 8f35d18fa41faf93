using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>Ties a payload to the transaction it is in.</summary>
public static class InputsHash
{
    /// <summary>The double SHA-256 of all outpoints the transaction spends.</summary>
    public static Uint256 Of(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var writer = new ByteWriter(OutPoint.Size * Math.Max(transaction.Inputs.Length, 1));
        foreach (var input in transaction.Inputs)
        {
            input.PreviousOutput.Write(writer);
        }

        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>The fault of a payload that names another hash than its transaction's.</summary>
    public static PayloadFault? Check(Transaction transaction, Uint256 named) =>
        Of(transaction) == named ? null : PayloadFault.Consensus("bad-protx-inputs-hash");
}
