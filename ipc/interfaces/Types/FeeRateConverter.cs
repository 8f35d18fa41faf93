using Dash.Primitives.Units;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>A fee rate as duffs for 1000 bytes.</summary>
public static class FeeRateConverter
{
    /// <summary>Reads a rate.</summary>
    public static FeeRate Read(long duffsPerKb) => new(duffsPerKb);

    /// <summary>Writes a rate.</summary>
    public static long Write(FeeRate value) => value.DuffsPerKb;
}
