namespace Dash.Ipc.Layout;

/// <summary>
/// A message that breaks the encoding's rules or its limits: a pointer out of bounds, too deep nesting, too much to
/// traverse, text without its end, a frame that announces more than is allowed. The only exception that reading bytes
/// of
/// a peer can throw.
/// </summary>
public sealed class IpcFormatException : Exception
{
    /// <summary>Creates the exception without a text.</summary>
    public IpcFormatException()
    {
    }

    /// <summary>Creates the exception with the reason a peer may be told.</summary>
    public IpcFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a reason and what caused it.</summary>
    public IpcFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
