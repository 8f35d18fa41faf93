namespace Dash.WalletServer.Ledger;

/// <summary>Texts in the order of their bytes in UTF-8, which is that of their code points: what <c>std::string</c> is sorted by.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    private CodePointOrder()
    {
    }

    /// <summary>The only one.</summary>
    public static CodePointOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x?.Length || same == y?.Length
            ? (x?.Length ?? 0) - (y?.Length ?? 0)
            : PlaceOf(x.AsSpan()[same]) - PlaceOf(y.AsSpan()[same]);
    }

    // Halves of pairs stand for code points behind all others, and lie before the last of these in UTF-16.
    private static int PlaceOf(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
