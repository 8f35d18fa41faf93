using Dash.Primitives.Units;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>An amount as its duffs.</summary>
public static class AmountConverter
{
    /// <summary>Reads an amount; whether it is in range is for its user to check.</summary>
    public static Amount Read(long duffs) => new(duffs);

    /// <summary>Writes an amount.</summary>
    public static long Write(Amount value) => value.Duffs;
}
