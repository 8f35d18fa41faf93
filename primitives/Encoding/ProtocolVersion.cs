namespace Dash.Primitives.Encoding;

/// <summary>The peer-to-peer protocol's version whose forms and rules these primitives have.</summary>
public static class ProtocolVersion
{
    /// <summary>What a node says of itself, and what locators carry.</summary>
    public const int Current = 70240;
}
