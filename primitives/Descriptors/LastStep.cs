namespace Dash.Primitives.Descriptors;

/// <summary>How an extended key of a descriptor ends.</summary>
internal enum LastStep
{
    /// <summary>It is the key itself.</summary>
    None,

    /// <summary><c>/*</c>: its children.</summary>
    Children,

    /// <summary><c>/*'</c>: its hardened children.</summary>
    HardenedChildren,
}
