namespace Dash.Primitives.Keys.Bls;

/// <summary>The top three bits of a written point, which its x leaves free.</summary>
internal static class BlsPointFlags
{
    /// <summary>The bits of the first byte that belong to x.</summary>
    public const byte NumberMask = 0x1f;

    private const byte LegacySign = 0x80;
    private const byte Compressed = 0x80;
    private const byte BasicSign = 0x20;

    /// <summary>Reads the sign of y from the first byte; false if the bits are not those of a point.</summary>
    public static bool TryRead(byte first, BlsScheme scheme, out bool isNegative)
    {
        var flags = first & ~NumberMask;
        isNegative = scheme == BlsScheme.Legacy ? flags == LegacySign : flags == (Compressed | BasicSign);
        return isNegative || flags == (scheme == BlsScheme.Legacy ? 0 : Compressed);
    }

    /// <summary>The bits of a point.</summary>
    public static byte Of(BlsScheme scheme, bool isNegative) => scheme switch
    {
        BlsScheme.Legacy => isNegative ? LegacySign : (byte)0,
        _ => isNegative ? (byte)(Compressed | BasicSign) : Compressed,
    };
}
