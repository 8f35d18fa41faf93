namespace Dash.Ipc.Layout;

/// <summary>What a pointer leads to, after far pointers have been followed.</summary>
public enum PointerKind
{
    /// <summary>The all-zero word: the field was never set.</summary>
    Null,

    /// <summary>A struct: data words and pointers.</summary>
    Struct,

    /// <summary>A list, a text or data.</summary>
    List,

    /// <summary>An index into the message's capability table.</summary>
    Capability,
}
