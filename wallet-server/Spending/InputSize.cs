using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>How long a signed input will be, before anything is signed.</summary>
internal static class InputSize
{
    /// <summary>What is assumed for a change output that the wallet could not spend itself, bytes.</summary>
    public const int UnknownChange = 113;

    // Outpoint and sequence.
    private const int Fixed = 36 + 4;

    // A DER signature with both numbers 32 bytes long and the hash type, as the wallet's own signer makes them; a
    // stranger's may be a byte longer.
    private const int OwnSignature = 71;
    private const int ForeignSignature = 72;

    private const int LongKeyMore = PublicKey.UncompressedSize - PublicKey.CompressedSize;

    // With the length of the script, signature and key with their push bytes.
    private const int OwnKeyHash = Fixed + 1 + 1 + OwnSignature + 1 + PublicKey.CompressedSize;
    private const int ForeignKeyHash = Fixed + 1 + 1 + ForeignSignature + 1 + PublicKey.CompressedSize;

    /// <summary>Bytes of an input that spends a key hash whose key, a compressed one, the wallet knows.</summary>
    public static int OfKeyHash(bool useMaximum) => useMaximum ? ForeignKeyHash : OwnKeyHash;

    /// <summary>Bytes of an input that spends a script of ours; -1 when the wallet does not know how.</summary>
    public static int Of(WalletSnapshot snapshot, Script script, bool useMaximum = false)
    {
        if (snapshot.FindKey(script) is not var (keychain, index))
        {
            return -1;
        }

        // Nearly all coins are of this form, and a selection looks at all of them.
        if (ScriptTemplates.IsPayToPubKeyHash(script.Span))
        {
            return keychain.IsSolvable ? OfKeyHash(useMaximum) + (keychain.HasLongKey ? LongKeyMore : 0) : -1;
        }

        var redeemScript = keychain.RedeemScriptAt(index);
        var size = Of(script, redeemScript, useMaximum, isKeyKnown: keychain.IsSolvable);
        var hasLongKey = redeemScript is not null && ScriptTemplates.IsPayToPubKeyHash(redeemScript.Span) && keychain.HasLongKey;
        return size >= 0 && hasLongKey ? size + LongKeyMore : size;
    }

    /// <summary>Bytes of an input that spends a stranger's script, by what is known of it; -1 when that does not suffice.</summary>
    public static int OfStranger(Script script, ISigningSource known)
    {
        var progress = new SigningProgress();
        if (!InputSigner.Sign(known, PlaceholderSignatureMaker.Longest, script, progress))
        {
            return -1;
        }

        var length = progress.ScriptSig.Length;
        return Fixed + CompactSizeLength(length) + length;
    }

    /// <summary>Bytes of an input that spends a script.</summary>
    /// <param name="script">The output's script.</param>
    /// <param name="redeemScript">The script behind a script hash, where known.</param>
    /// <param name="useMaximum">Somebody else will sign.</param>
    /// <param name="isKeyKnown">The public key behind a key hash is known.</param>
    public static int Of(Script script, Script? redeemScript, bool useMaximum, bool isKeyKnown)
    {
        var scriptSig = ScriptSigSize(script, redeemScript, useMaximum ? ForeignSignature : OwnSignature, isKeyKnown);
        return scriptSig < 0 ? -1 : Fixed + CompactSizeLength(scriptSig) + scriptSig;
    }

    private static int ScriptSigSize(Script script, Script? redeemScript, int signature, bool isKeyKnown)
    {
        var solution = ScriptTemplates.Solve(script);
        switch (solution.Kind)
        {
            case ScriptKind.PubKeyHash:
                return isKeyKnown ? 1 + signature + 1 + PublicKey.CompressedSize : -1;
            case ScriptKind.PubKey:
                return 1 + signature;
            case ScriptKind.Multisig:
                return 1 + (solution.Required * (1 + signature));
            case ScriptKind.ScriptHash when redeemScript is not null
                && ScriptTemplates.Solve(redeemScript).Kind != ScriptKind.ScriptHash:
                var inner = ScriptSigSize(redeemScript, null, signature, isKeyKnown);
                return inner < 0 ? -1 : inner + PushLength(redeemScript.Length);
            default:
                return -1;
        }
    }

    private static int PushLength(int length) => length switch
    {
        < 76 => 1 + length,
        < 256 => 2 + length,
        _ => 3 + length,
    };

    private static int CompactSizeLength(int length) => length < 253 ? 1 : 3;
}
