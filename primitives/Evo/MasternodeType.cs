using Dash.Primitives.Units;

namespace Dash.Primitives.Evo;

/// <summary>Kinds of masternodes; the numbers are those of the wire.</summary>
public enum MasternodeType : ushort
{
    /// <summary>Serves the payment chain.</summary>
    Regular = 0,

    /// <summary>Serves the platform too.</summary>
    Evo = 1,
}

/// <summary>What follows from a masternode's kind.</summary>
public static class MasternodeTypes
{
    /// <summary>What is to be locked for one; null for a kind that does not exist.</summary>
    public static Amount? Collateral(this MasternodeType type) => type switch
    {
        MasternodeType.Regular => new Amount(1_000 * Amount.OneDash.Duffs),
        MasternodeType.Evo => new Amount(4_000 * Amount.OneDash.Duffs),
        _ => null,
    };
}
