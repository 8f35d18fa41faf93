namespace Dash.Primitives.Keys;

/// <summary>How much memory there is for secrets, and how much is taken.</summary>
/// <param name="Used">Bytes taken.</param>
/// <param name="Free">Bytes left.</param>
/// <param name="Total">Both.</param>
/// <param name="Locked">Bytes the system agreed to lock into RAM; less than all when it refused, or kept after they were given back.</param>
/// <param name="UsedChunks">Pieces taken.</param>
/// <param name="FreeChunks">Pieces left.</param>
public readonly record struct LockedMemoryStatistics(
    long Used, long Free, long Total, long Locked, int UsedChunks, int FreeChunks)
{
    /// <summary>As it is now.</summary>
    public static LockedMemoryStatistics Current => LockedMemory.Statistics;
}
