using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>Reads the map of one input, entry by entry.</summary>
internal sealed class PsbtInputMap
{
    // Entries that may come once and whose key is the type alone.
    private readonly HashSet<int> _seen = [];

    /// <summary>What was read so far.</summary>
    public PsbtInput Input { get; } = new();

    /// <summary>Reads an entry's value; throws <see cref="EncodingException"/> with Core's text.</summary>
    public void Read(ref SpanReader reader, int type, ReadOnlySpan<byte> key)
    {
        switch (type)
        {
            case PsbtFields.InputPreviousTransaction:
                RequireOnce(type, key, "input non-witness utxo", "Non-witness utxo");
                Input.PreviousTransaction = PsbtReader.ReadTransaction(ref reader);
                break;
            case PsbtFields.InputPartialSignature:
                ReadSignature(ref reader, key);
                break;
            case PsbtFields.InputSigHashType:
                RequireOnce(type, key, "input sighash type", "Sighash type");
                Input.SigHashType = (int)PsbtReader.ReadNumber(ref reader);
                break;
            case PsbtFields.InputRedeemScript:
                RequireOnce(type, key, "input redeemScript", "Input redeemScript");
                Input.RedeemScript = new Script(reader.ReadVarBytes());
                break;
            case PsbtFields.InputKeyPath:
                PsbtReader.ReadKeyPath(ref reader, key, Input.KeyPaths);
                break;
            case PsbtFields.InputFinalScriptSig:
                RequireOnce(type, key, "input final scriptSig", "Final scriptSig");
                Input.FinalScriptSig = new Script(reader.ReadVarBytes());
                break;
            case (int)PsbtPreimage.Ripemd160:
                ReadPreimage(ref reader, key, PsbtPreimage.Ripemd160, Hash160.Size, "ripemd160");
                break;
            case (int)PsbtPreimage.Sha256:
                ReadPreimage(ref reader, key, PsbtPreimage.Sha256, Uint256.Size, "sha256");
                break;
            case (int)PsbtPreimage.Hash160:
                ReadPreimage(ref reader, key, PsbtPreimage.Hash160, Hash160.Size, "hash160");
                break;
            case (int)PsbtPreimage.Hash256:
                ReadPreimage(ref reader, key, PsbtPreimage.Hash256, Uint256.Size, "hash256");
                break;
            default:
                PsbtReader.ReadRest(ref reader, type, key, Input.Proprietary, Input.Unknown);
                break;
        }
    }

    private void RequireOnce(int type, ReadOnlySpan<byte> key, string whatTwice, string whatLong)
    {
        PsbtReader.Require(_seen.Add(type), $"Duplicate Key, {whatTwice} already provided");
        PsbtReader.Require(key.Length == 1, $"{whatLong} key is more than one byte type");
    }

    private void ReadSignature(ref SpanReader reader, ReadOnlySpan<byte> key)
    {
        PsbtReader.Require(
            key.Length is 1 + PublicKey.UncompressedSize or 1 + PublicKey.CompressedSize,
            "Size of key was not the expected size for the type partial signature pubkey");
        PsbtReader.Require(PublicKey.TryParse(key[1..], out var publicKey), "Invalid pubkey");
        var id = publicKey!.Id.ToArray(); // required the line before
        PsbtReader.Require(
            !Input.PartialSignatures.ContainsKey(id),
            "Duplicate Key, input partial signature for pubkey already provided");
        Input.PartialSignatures.Add(id, new KeySignature(publicKey.ToArray(), reader.ReadVarBytes().ToArray()));
    }

    private void ReadPreimage(
        ref SpanReader reader, ReadOnlySpan<byte> key, PsbtPreimage kind, int size, string name)
    {
        PsbtReader.Require(
            key.Length == 1 + size, $"Size of key was not the expected size for the type {name} preimage");
        var hash = key[1..].ToArray();
        var preimages = Input.PreimagesOf(kind);
        PsbtReader.Require(
            !preimages.ContainsKey(hash), $"Duplicate Key, input {name} preimage already provided");
        preimages.Add(hash, reader.ReadVarBytes().ToArray());
    }
}
