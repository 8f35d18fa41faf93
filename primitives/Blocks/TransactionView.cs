using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Blocks;

/// <summary>A serialized transaction in place: slices of the source, nothing built.</summary>
public readonly ref struct TransactionView
{
    private readonly int _firstInput;
    private readonly int _firstOutput;

    private TransactionView(ReadOnlySpan<byte> bytes, int inputCount, int firstInput, int outputCount, int firstOutput)
    {
        Bytes = bytes;
        InputCount = inputCount;
        OutputCount = outputCount;
        _firstInput = firstInput;
        _firstOutput = firstOutput;
    }

    /// <summary>The serialized form, which <see cref="Transaction.Parse"/> reads.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many inputs.</summary>
    public int InputCount { get; }

    /// <summary>How many outputs.</summary>
    public int OutputCount { get; }

    /// <summary>The inputs in order.</summary>
    public InputSequence Inputs => new(Bytes, _firstInput, InputCount);

    /// <summary>The outputs in order.</summary>
    public OutputSequence Outputs => new(Bytes, _firstOutput, OutputCount);

    /// <summary>Hashes the bytes.</summary>
    public Txid ComputeTxid()
    {
        // A negative version is not written back as it was read: see Transaction.VersionAndType.
        var isNegative = (Bytes[1] & 0x80) != 0;
        return isNegative ? Transaction.Parse(Bytes).Txid : new Txid(Hashes.Sha256d(Bytes));
    }

    /// <summary>The next transaction of <paramref name="reader"/>; throws <see cref="EncodingException"/>.</summary>
    public static TransactionView Read(scoped ref SpanReader reader)
    {
        var start = reader.Position;
        var versionAndType = reader.ReadUInt32();

        var inputCount = reader.ReadCompactSize();
        var firstInput = reader.Position - start;
        for (var i = 0; i < inputCount; i++)
        {
            reader.Skip(OutPoint.Size);
            reader.ReadVarBytes();
            reader.Skip(sizeof(uint));
        }

        var outputCount = reader.ReadCompactSize();
        var firstOutput = reader.Position - start;
        for (var i = 0; i < outputCount; i++)
        {
            reader.Skip(sizeof(long));
            reader.ReadVarBytes();
        }

        reader.Skip(sizeof(uint));
        if ((short)(ushort)versionAndType >= Transaction.SpecialVersion && versionAndType >> 16 != 0)
        {
            reader.ReadVarBytes();
        }

        return new TransactionView(reader.ReadSince(start), inputCount, firstInput, outputCount, firstOutput);
    }

    /// <summary>An input: what it spends and the script that does.</summary>
    public readonly ref struct Input
    {
        internal Input(OutPoint previousOutput, ReadOnlySpan<byte> scriptSig, uint sequence)
        {
            PreviousOutput = previousOutput;
            ScriptSig = scriptSig;
            Sequence = sequence;
        }

        /// <summary>The output it spends.</summary>
        public OutPoint PreviousOutput { get; }

        /// <summary>The script, a slice of the source.</summary>
        public ReadOnlySpan<byte> ScriptSig { get; }

        /// <summary>The sequence number.</summary>
        public uint Sequence { get; }
    }

    /// <summary>An output: amount and script.</summary>
    public readonly ref struct Output
    {
        internal Output(Amount value, ReadOnlySpan<byte> scriptPubKey)
        {
            Value = value;
            ScriptPubKey = scriptPubKey;
        }

        /// <summary>The amount, which may be out of range.</summary>
        public Amount Value { get; }

        /// <summary>The script, a slice of the source.</summary>
        public ReadOnlySpan<byte> ScriptPubKey { get; }
    }

    /// <summary>For <c>foreach</c> over the inputs.</summary>
    public ref struct InputSequence
    {
        private SpanReader _reader;
        private int _left;

        internal InputSequence(ReadOnlySpan<byte> bytes, int start, int count)
        {
            _reader = new SpanReader(bytes[start..]);
            _left = count;
            Current = default;
        }

        /// <summary>The input the walk stands at.</summary>
        public Input Current { get; private set; }

        /// <summary>Goes to the next input.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Current = new Input(OutPoint.Read(ref _reader), _reader.ReadVarBytes(), _reader.ReadUInt32());
            return true;
        }

        /// <summary>For <c>foreach</c>.</summary>
        public readonly InputSequence GetEnumerator() => this;
    }

    /// <summary>For <c>foreach</c> over the outputs.</summary>
    public ref struct OutputSequence
    {
        private SpanReader _reader;
        private int _left;

        internal OutputSequence(ReadOnlySpan<byte> bytes, int start, int count)
        {
            _reader = new SpanReader(bytes[start..]);
            _left = count;
            Current = default;
        }

        /// <summary>The output the walk stands at.</summary>
        public Output Current { get; private set; }

        /// <summary>Goes to the next output.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Current = new Output(new Amount(_reader.ReadInt64()), _reader.ReadVarBytes());
            return true;
        }

        /// <summary>For <c>foreach</c>.</summary>
        public readonly OutputSequence GetEnumerator() => this;
    }
}
