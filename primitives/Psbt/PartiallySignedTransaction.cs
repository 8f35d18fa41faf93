using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>
/// BIP174 as Dash has it: an unsigned transaction and what signers need to know and have signed, input by input. It is
/// passed from one to the other until it is complete. Not for several threads at a time.
/// </summary>
public sealed class PartiallySignedTransaction
{
    /// <summary>What has more bytes is not read.</summary>
    public const int MaxSize = 100_000_000;

    private const string TooLarge = "PSBT is larger than 100 MB";

    /// <summary>The highest version there is.</summary>
    public const uint HighestVersion = 0;

    private readonly List<PsbtInput> _inputs;
    private readonly List<PsbtOutput> _outputs;

    /// <summary>One that knows nothing yet.</summary>
    /// <exception cref="ArgumentException">An input is signed already.</exception>
    public PartiallySignedTransaction(Transaction unsigned)
        : this(
            unsigned,
            [.. Repeat(unsigned.Inputs.Length, static () => new PsbtInput())],
            [.. Repeat(unsigned.Outputs.Length, static () => new PsbtOutput())])
    {
    }

    internal PartiallySignedTransaction(Transaction unsigned, List<PsbtInput> inputs, List<PsbtOutput> outputs)
    {
        if (unsigned.Inputs.Any(static input => !input.ScriptSig.IsEmpty))
        {
            throw new ArgumentException("An input is signed already.", nameof(unsigned));
        }

        Transaction = unsigned;
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>The transaction, no input of which has a script.</summary>
    public Transaction Transaction { get; private set; }

    /// <summary>What is known of each input.</summary>
    public IReadOnlyList<PsbtInput> Inputs => _inputs;

    /// <summary>What is known of each output.</summary>
    public IReadOnlyList<PsbtOutput> Outputs => _outputs;

    /// <summary>Extended public keys that take part.</summary>
    public SortedSet<PsbtXpub> Xpubs { get; } = [];

    /// <summary>The version, when it is told.</summary>
    public uint? Version { get; set; }

    /// <summary>Entries that belong to some program, by their whole key.</summary>
    public SortedDictionary<byte[], byte[]> Proprietary { get; } = new(ByteOrder.Instance);

    /// <summary>Entries nobody here understands, by their whole key; passed on.</summary>
    public SortedDictionary<byte[], byte[]> Unknown { get; } = new(ByteOrder.Instance);

    /// <summary>Inputs that are not finished.</summary>
    public int UnsignedInputCount => _inputs.Count(static input => !input.IsSigned);

    /// <summary>A transaction without its scripts, as a PSBT begins with.</summary>
    public static Transaction Strip(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction with
        {
            Inputs = [.. transaction.Inputs.Select(static input => input with { ScriptSig = Script.Empty })],
        };
    }

    /// <summary>Reads the binary form.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="psbt">What was read.</param>
    /// <param name="error">Core's text when it can't be read.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PartiallySignedTransaction? psbt, out string error)
    {
        psbt = null;
        error = TooLarge;
        return bytes.Length <= MaxSize && PsbtReader.TryRead(bytes, out psbt, out error);
    }

    /// <summary>Reads the form in base64.</summary>
    /// <param name="base64">All of it.</param>
    /// <param name="psbt">What was read.</param>
    /// <param name="error">Core's text when it can't be read.</param>
    public static bool TryParse(
        string base64, [NotNullWhen(true)] out PartiallySignedTransaction? psbt, out string error)
    {
        ArgumentNullException.ThrowIfNull(base64);
        psbt = null;
        if (base64.Length / 4 * 3L > MaxSize + 2)
        {
            error = TooLarge;
            return false;
        }

        error = "invalid base64";
        return Base64Text.TryDecode(base64, out var bytes) && TryParse(bytes, out psbt, out error);
    }

    /// <summary>Joins PSBTs of one transaction into a new one; null when they are of different ones.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PartiallySignedTransaction? Combine(IReadOnlyList<PartiallySignedTransaction> psbts)
    {
        ArgumentNullException.ThrowIfNull(psbts);
        if (psbts.Count == 0)
        {
            throw new ArgumentException("Nothing to combine.", nameof(psbts));
        }

        var combined = psbts[0].Clone();
        return psbts.Skip(1).All(combined.TryMerge) ? combined : null;
    }

    /// <summary>Takes over what another PSBT of the same transaction knows; false when it is of another one.</summary>
    public bool TryMerge(PartiallySignedTransaction other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Transaction.Txid != other.Transaction.Txid)
        {
            return false;
        }

        for (var i = 0; i < _inputs.Count; i++)
        {
            _inputs[i].Merge(other._inputs[i]);
        }

        for (var i = 0; i < _outputs.Count; i++)
        {
            _outputs[i].Merge(other._outputs[i]);
        }

        Xpubs.UnionWith(other.Xpubs);
        MapMerge.AddMissing(Unknown, other.Unknown);
        return true;
    }

    /// <summary>Adds an input and what is known of it, without its signatures; false if it is there already.</summary>
    public bool TryAddInput(TxIn input, PsbtInput known)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(known);
        if (Transaction.Inputs.Contains(input))
        {
            return false;
        }

        Transaction = Transaction with { Inputs = Transaction.Inputs.Add(input with { ScriptSig = Script.Empty }) };
        var copy = known.Clone();
        copy.PartialSignatures.Clear();
        copy.FinalScriptSig = Script.Empty;
        _inputs.Add(copy);
        return true;
    }

    /// <summary>Adds an output and what is known of it.</summary>
    public void AddOutput(TxOut output, PsbtOutput known)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(known);
        Transaction = Transaction with { Outputs = Transaction.Outputs.Add(output) };
        _outputs.Add(known.Clone());
    }

    /// <summary>The output an input spends, when its transaction is known and the right one.</summary>
    public bool TryGetSpent(int input, [NotNullWhen(true)] out TxOut? spent)
    {
        var outPoint = Transaction.Inputs[input].PreviousOutput;
        spent = _inputs[input].PreviousTransaction is { } previous
            && outPoint.Index < previous.Outputs.Length
            && previous.Txid == outPoint.Txid
                ? previous.Outputs[(int)outPoint.Index]
                : null;
        return spent is not null;
    }

    /// <summary>An independent copy.</summary>
    public PartiallySignedTransaction Clone()
    {
        var copy = new PartiallySignedTransaction(
            Transaction,
            [.. _inputs.Select(static input => input.Clone())],
            [.. _outputs.Select(static output => output.Clone())])
        {
            Version = Version,
        };
        copy.Xpubs.UnionWith(Xpubs);
        MapMerge.AddMissing(copy.Proprietary, Proprietary);
        MapMerge.AddMissing(copy.Unknown, Unknown);
        return copy;
    }

    /// <summary>The binary form.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(1024);
        PsbtWriter.Write(writer, this);
        return writer.ToArray();
    }

    /// <summary>The form in base64.</summary>
    public string ToBase64() => Base64Text.Encode(ToBytes());

    /// <summary>The transaction with the finished scripts in place, complete or not.</summary>
    internal Transaction WithFinalScripts() => Transaction with
    {
        Inputs = Transaction.Inputs
            .Select((input, i) => input with { ScriptSig = _inputs[i].FinalScriptSig })
            .ToImmutableArray(),
    };

    private static IEnumerable<T> Repeat<T>(int count, Func<T> make) =>
        Enumerable.Range(0, count).Select(_ => make());
}
