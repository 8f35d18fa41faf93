using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>Reads the binary form; errors are Core's texts.</summary>
internal static class PsbtReader
{
    // What the streams of Core's library say behind every text.
    private const string StreamError = ": iostream error";

    /// <summary>Reads a PSBT that fills all the bytes.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PartiallySignedTransaction? psbt, out string error)
    {
        psbt = null;
        error = "";
        try
        {
            var reader = new SpanReader(bytes);
            var read = Read(ref reader);
            if (!reader.IsAtEnd)
            {
                error = "extra data after PSBT";
                return false;
            }

            psbt = read;
            return true;
        }
        catch (EncodingException e)
        {
            error = (e.Message == "end of data" ? "DataStream::read(): end of data" : e.Message) + StreamError;
            return false;
        }
    }

    private static PartiallySignedTransaction Read(ref SpanReader reader)
    {
        Require(reader.ReadBytes(PsbtFields.Magic.Length).SequenceEqual(PsbtFields.Magic), "Invalid PSBT magic bytes");
        var globals = new GlobalMap();
        ReadMap(ref reader, "the global map", globals.Read);
        var unsigned = globals.Transaction ?? throw new EncodingException("No unsigned transaction was provided");

        var inputs = new List<PsbtInput>();
        while (!reader.IsAtEnd && inputs.Count < unsigned.Inputs.Length)
        {
            var input = new PsbtInputMap();
            ReadMap(ref reader, "an input map", input.Read);
            Require(
                input.Input.PreviousTransaction is not { } previous
                    || previous.Txid == unsigned.Inputs[inputs.Count].PreviousOutput.Txid,
                "Non-witness UTXO does not match outpoint hash");
            inputs.Add(input.Input);
        }

        Require(
            inputs.Count == unsigned.Inputs.Length,
            "Inputs provided does not match the number of inputs in transaction.");

        var outputs = new List<PsbtOutput>();
        while (!reader.IsAtEnd && outputs.Count < unsigned.Outputs.Length)
        {
            var output = new OutputMap();
            ReadMap(ref reader, "an output map", output.Read);
            outputs.Add(output.Output);
        }

        Require(
            outputs.Count == unsigned.Outputs.Length,
            "Outputs provided does not match the number of outputs in transaction.");
        return globals.Finish(unsigned, inputs, outputs);
    }

    /// <summary>Throws with a text unless something holds.</summary>
    internal static void Require(bool condition, string error)
    {
        if (!condition)
        {
            throw new EncodingException(error);
        }
    }

    /// <summary>A value of stated length that is a transaction.</summary>
    internal static Transaction ReadTransaction(ref SpanReader reader)
    {
        var end = reader.ReadCompactSize() + reader.Position;
        var transaction = Transaction.Read(ref reader);
        RequireEnd(reader, end);
        return transaction;
    }

    /// <summary>A value of stated length that is a number of 32 bits.</summary>
    internal static uint ReadNumber(ref SpanReader reader)
    {
        var end = reader.ReadCompactSize() + reader.Position;
        var number = reader.ReadUInt32();
        RequireEnd(reader, end);
        return number;
    }

    /// <summary>A public key's origin, into a map where it must not be yet.</summary>
    internal static void ReadKeyPath(
        ref SpanReader reader, ReadOnlySpan<byte> key, SortedDictionary<byte[], KeyOrigin> paths)
    {
        Require(
            key.Length is 1 + PublicKey.UncompressedSize or 1 + PublicKey.CompressedSize,
            "Size of key was not the expected size for the type BIP32 keypath");
        var publicKey = key[1..].ToArray();
        Require(PublicKey.TryParse(publicKey, out _), "Invalid pubkey");
        Require(!paths.ContainsKey(publicKey), "Duplicate Key, pubkey derivation path already provided");
        paths.Add(publicKey, ReadOrigin(ref reader));
    }

    /// <summary>A fingerprint and steps.</summary>
    internal static KeyOrigin ReadOrigin(ref SpanReader reader)
    {
        var length = reader.ReadCompactSize();
        Require(length % sizeof(uint) == 0 && length != 0, "Invalid length for HD key path");
        var bytes = new SpanReader(reader.ReadBytes(length));
        var fingerprint = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.ReadBytes(sizeof(uint)));
        var path = ImmutableArray.CreateBuilder<uint>((length / sizeof(uint)) - 1);
        while (!bytes.IsAtEnd)
        {
            path.Add(bytes.ReadUInt32());
        }

        return new KeyOrigin(fingerprint, path.MoveToImmutable());
    }

    /// <summary>An entry that is only passed on.</summary>
    internal static void ReadRest(
        ref SpanReader reader,
        int type,
        ReadOnlySpan<byte> key,
        SortedDictionary<byte[], byte[]> proprietary,
        SortedDictionary<byte[], byte[]> unknown)
    {
        var whole = key.ToArray();
        if (type == PsbtFields.Proprietary)
        {
            // Who it belongs to, and a number of theirs.
            var parts = new SpanReader(key);
            parts.ReadCompactSize();
            parts.ReadVarBytes();
            parts.ReadCompactSize();
            Require(!proprietary.ContainsKey(whole), "Duplicate Key, proprietary key already found");
            proprietary.Add(whole, reader.ReadVarBytes().ToArray());
            return;
        }

        Require(!unknown.ContainsKey(whole), "Duplicate Key, key for unknown value already provided");
        unknown.Add(whole, reader.ReadVarBytes().ToArray());
    }

    private static void RequireEnd(SpanReader reader, int end) =>
        Require(reader.Position == end, "Size of value was not the stated size");

    private static void ReadMap(ref SpanReader reader, string name, ReadEntry read)
    {
        while (!reader.IsAtEnd)
        {
            var key = reader.ReadVarBytes();
            if (key.IsEmpty)
            {
                return;
            }

            read(ref reader, new SpanReader(key).ReadCompactSize(), key);
        }

        throw new EncodingException("Separator is missing at the end of " + name);
    }

    private delegate void ReadEntry(ref SpanReader reader, int type, ReadOnlySpan<byte> key);

    private sealed class GlobalMap
    {
        private readonly SortedSet<byte[]> _identities = new(ByteOrder.Instance);
        private readonly List<PsbtXpub> _xpubs = [];
        private readonly SortedDictionary<byte[], byte[]> _proprietary = new(ByteOrder.Instance);
        private readonly SortedDictionary<byte[], byte[]> _unknown = new(ByteOrder.Instance);
        private uint? _version;

        public Transaction? Transaction { get; private set; }

        public void Read(ref SpanReader reader, int type, ReadOnlySpan<byte> key)
        {
            switch (type)
            {
                case PsbtFields.GlobalUnsignedTransaction:
                    Require(Transaction is null, "Duplicate Key, unsigned tx already provided");
                    Require(key.Length == 1, "Global unsigned tx key is more than one byte type");
                    Transaction = ReadTransaction(ref reader);
                    Require(
                        Transaction.Inputs.All(static input => input.ScriptSig.IsEmpty),
                        "Unsigned tx does not have empty scriptSigs.");
                    break;
                case PsbtFields.GlobalXpub:
                    ReadXpub(ref reader, key);
                    break;
                case PsbtFields.GlobalVersion:
                    Require(_version is null, "Duplicate Key, version already provided");
                    Require(key.Length == 1, "Global version key is more than one byte type");
                    _version = ReadNumber(ref reader);
                    Require(_version <= PartiallySignedTransaction.HighestVersion, "Unsupported version number");
                    break;
                default:
                    ReadRest(ref reader, type, key, _proprietary, _unknown);
                    break;
            }
        }

        public PartiallySignedTransaction Finish(
            Transaction unsigned, List<PsbtInput> inputs, List<PsbtOutput> outputs)
        {
            var psbt = new PartiallySignedTransaction(unsigned, inputs, outputs) { Version = _version };
            psbt.Xpubs.UnionWith(_xpubs);
            MapMerge.AddMissing(psbt.Proprietary, _proprietary);
            MapMerge.AddMissing(psbt.Unknown, _unknown);
            return psbt;
        }

        private void ReadXpub(ref SpanReader reader, ReadOnlySpan<byte> key)
        {
            Require(
                key.Length == 1 + PsbtXpub.Size, "Size of key was not the expected size for the type global xpub");
            var serialized = key[1..].ToArray();
            Require(PsbtXpub.IsValid(serialized), "Invalid pubkey");
            var identity = new PsbtXpub(serialized, new KeyOrigin(0, [])).Identity;
            Require(_identities.Add(identity), "Duplicate key, global xpub already provided");
            _xpubs.Add(new PsbtXpub(serialized, ReadOrigin(ref reader)));
        }
    }

    private sealed class OutputMap
    {
        private bool _hasRedeemScript;

        public PsbtOutput Output { get; } = new();

        public void Read(ref SpanReader reader, int type, ReadOnlySpan<byte> key)
        {
            switch (type)
            {
                case PsbtFields.OutputRedeemScript:
                    Require(!_hasRedeemScript, "Duplicate Key, output redeemScript already provided");
                    Require(key.Length == 1, "Output redeemScript key is more than one byte type");
                    Output.RedeemScript = new Script(reader.ReadVarBytes());
                    _hasRedeemScript = true;
                    break;
                case PsbtFields.OutputKeyPath:
                    ReadKeyPath(ref reader, key, Output.KeyPaths);
                    break;
                default:
                    ReadRest(ref reader, type, key, Output.Proprietary, Output.Unknown);
                    break;
            }
        }
    }
}
