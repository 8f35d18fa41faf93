using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Evo;

/// <summary>Versions of the payloads that register and change masternodes.</summary>
public static class ProTxVersion
{
    /// <summary>Keys and signatures in the legacy BLS scheme.</summary>
    public const ushort LegacyBls = 1;

    /// <summary>Keys and signatures in the basic scheme; Evo masternodes.</summary>
    public const ushort BasicBls = 2;

    /// <summary>Several addresses for several purposes.</summary>
    public const ushort ExtendedAddresses = 3;

    /// <summary>The highest version allowed.</summary>
    /// <param name="isBasicScheme">Whether V19 is active.</param>
    /// <param name="isExtendedAddresses">Whether V24 is active and the payload has addresses.</param>
    public static ushort Max(bool isBasicScheme, bool isExtendedAddresses) =>
        !isBasicScheme ? LegacyBls : isExtendedAddresses ? ExtendedAddresses : BasicBls;

    /// <summary>Whether the layout of a version is known; of another one, nothing but the version is read.</summary>
    internal static bool IsKnown(ushort version) => version is >= LegacyBls and <= ExtendedAddresses;

    /// <summary>The scheme of a version's keys and signatures.</summary>
    internal static BlsScheme SchemeOf(ushort version) =>
        version == LegacyBls ? BlsScheme.Legacy : BlsScheme.Basic;
}
