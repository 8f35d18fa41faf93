namespace Dash.Common.Concurrency;

/// <summary>Whether the calling thread serves many, one after the other: who computes long does it elsewhere.</summary>
public static class SharedThread
{
    [ThreadStatic]
    private static bool _isHere;

    /// <summary>Whether the calling thread is such a one.</summary>
    public static bool IsHere => _isHere;

    /// <summary>The calling thread is one from now on.</summary>
    public static void Enter() => _isHere = true;
}
