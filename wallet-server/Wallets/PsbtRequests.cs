using Dash.Primitives.Psbt;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Wallets;

/// <summary>What a wallet adds to PSBTs. Changes nothing in the wallet.</summary>
internal static class PsbtRequests
{
    /// <summary>Puts in what the wallet knows, and signatures if asked.</summary>
    /// <returns>Whether all inputs are finished.</returns>
    /// <exception cref="WalletException">Signatures are asked for of another kind than the PSBT wants.</exception>
    public static async Task<bool> FillAsync(
        this Wallet wallet, PartiallySignedTransaction psbt, PsbtFill fill, ISigner signer, CancellationToken ct)
    {
        using (var view = wallet.OpenView())
        {
            for (var i = 0; i < psbt.Inputs.Count; i++)
            {
                var input = psbt.Inputs[i];
                if (!input.IsSigned)
                {
                    input.PreviousTransaction ??= view.Find(psbt.Transaction.Inputs[i].PreviousOutput.Txid)?.Tx;
                    Require(psbt, i, fill);
                }
            }
        }

        if (wallet.Snapshot.Keychains.IsEmpty)
        {
            return psbt.UnsignedInputCount == 0; // nobody looks at it, also where others have signed all of it
        }

        await signer.FillAsync(psbt, wallet.Snapshot.OwnersOf, fill, ct).ConfigureAwait(false);
        return psbt.UnsignedInputCount == 0;
    }

    private static void Require(PartiallySignedTransaction psbt, int place, PsbtFill fill)
    {
        var input = psbt.Inputs[place];
        if (fill.Signs && input.SigHashType is { } wanted && wanted != (int)fill.Type)
        {
            throw new WalletException(
                WalletError.Deserialization, "Specified sighash value does not match value stored in PSBT");
        }

        if (input.PreviousTransaction is { } spent && psbt.Transaction.Inputs[place].PreviousOutput.Index >= spent.Outputs.Length)
        {
            throw new WalletException(WalletError.Transaction, "Inputs missing or spent");
        }
    }
}
