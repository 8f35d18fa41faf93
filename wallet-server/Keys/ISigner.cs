using Dash.Primitives.Psbt;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Keys;

/// <summary>What a signer made of a transaction.</summary>
/// <param name="Tx">With the signatures there are.</param>
/// <param name="IsComplete">Every input is satisfied.</param>
/// <param name="Errors">Why an input is not, by its place, in Core's words.</param>
internal sealed record SignedTransaction(Transaction Tx, bool IsComplete, IReadOnlyList<KeyValuePair<int, string>> Errors);

/// <summary>Signs outside the writer loop: with keys of this process, or of another one.</summary>
internal interface ISigner
{
    /// <summary>Signs every input whose key it has.</summary>
    /// <param name="tx">The transaction; signatures in it are kept where this signer has nothing better.</param>
    /// <param name="spent">The outputs spent, by input; null where unknown.</param>
    /// <param name="find">Which keychains have a script, and at which index.</param>
    /// <param name="type">What the signatures cover.</param>
    /// <param name="ct">Cancels the wait.</param>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public ValueTask<SignedTransaction> SignAsync(
        Transaction tx,
        IReadOnlyList<TxOut?> spent,
        Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find,
        SigHashType type,
        CancellationToken ct);

    /// <summary>Puts what is known into a PSBT, and signatures if asked.</summary>
    /// <param name="psbt">Is changed; its previous transactions are there as far as they are known.</param>
    /// <param name="find">Which keychains have a script, and at which index.</param>
    /// <param name="fill">What is to be put in.</param>
    /// <param name="ct">Cancels the wait.</param>
    public ValueTask FillAsync(
        PartiallySignedTransaction psbt,
        Func<Script, IReadOnlyList<(Keychain Keychain, int Index)>> find,
        PsbtFill fill,
        CancellationToken ct);
}
