namespace Dash.Node.Net.Addresses;

/// <summary>How far an address is trusted to be our own: the better the source, the higher.</summary>
internal static class LocalScore
{
    /// <summary>A card of the machine has it.</summary>
    public const int Interface = 1;

    /// <summary>We listen at it.</summary>
    public const int Bind = 2;

    /// <summary>The user said so.</summary>
    public const int Manual = 4;
}
