using Dash.Primitives.Encoding;

namespace Dash.Primitives.Blocks;

/// <summary>
/// Walks the transactions of a serialized block in place and builds nothing: for looking through many blocks for a
/// few scripts. Throws <see cref="EncodingException"/> when the bytes are no block.
/// </summary>
public ref struct BlockScanner
{
    private readonly ReadOnlySpan<byte> _block;
    private SpanReader _reader;
    private int _left;

    /// <summary>A walk of <paramref name="block"/>, before its first transaction.</summary>
    public BlockScanner(ReadOnlySpan<byte> block)
    {
        _block = block;
        _reader = new SpanReader(block);
        _reader.Skip(BlockHeader.Size);
        TransactionCount = _reader.ReadCompactSize();
        _left = TransactionCount;
        Start = 0;
        Current = default;
    }

    /// <summary>The 80 bytes of the header.</summary>
    public readonly ReadOnlySpan<byte> HeaderBytes => _block[..BlockHeader.Size];

    /// <summary>How many transactions the block says it has.</summary>
    public int TransactionCount { get; }

    /// <summary>Place of <see cref="Current"/> in the block, from 0; -1 before the first.</summary>
    public readonly int Index => TransactionCount - _left - 1;

    /// <summary>Where <see cref="Current"/> begins in the block.</summary>
    public int Start { get; private set; }

    /// <summary>The transaction the walk stands at.</summary>
    public TransactionView Current { get; private set; }

    /// <summary>Goes to the next transaction; false, and all bytes used, after the last.</summary>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            _reader.ExpectEnd();
            return false;
        }

        _left--;
        Start = _reader.Position;
        Current = TransactionView.Read(ref _reader);
        return true;
    }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly BlockScanner GetEnumerator() => this;
}
