namespace Dash.Ipc.Layout;

/// <summary>
/// How much of a message may be walked. Every struct and list that is obtained is charged its words, each time;
/// elements
/// without size are charged one word each. So pointers that overlap, and lists of nothing with 2^29 elements, end soon.
/// Not for concurrent readers: a lost count only lets a little more through.
/// </summary>
internal abstract class ReadLimit(long words, int nesting)
{
    /// <summary>Words a reader may walk of one message: 8 Mi, as the reference implementation.</summary>
    public const long DefaultWords = 8 * 1024 * 1024;

    /// <summary>Pointers that may be followed one below another.</summary>
    public const int DefaultNesting = 64;

    private long _words = words;

    /// <summary>Words that may still be walked. Whoever walks a message besides its reader puts back what it found.</summary>
    public long Left
    {
        get => _words;
        set => _words = value;
    }

    /// <summary>Levels of pointers from the root.</summary>
    public int Nesting { get; } = nesting;

    /// <summary>Charges for words about to be read.</summary>
    /// <exception cref="IpcFormatException">The message was walked too much.</exception>
    public void Charge(long words)
    {
        if (words > _words)
        {
            throw new IpcFormatException("Exceeded message traversal limit.");
        }

        if (_words != long.MaxValue)
        {
            _words -= words;
        }
    }
}
