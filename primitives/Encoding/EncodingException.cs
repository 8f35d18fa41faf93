namespace Dash.Primitives.Encoding;

/// <summary>Bytes or text that are not what the format allows: too short, too long, not canonical.</summary>
public sealed class EncodingException : Exception
{
    /// <summary>An encoding error without a text.</summary>
    public EncodingException()
    {
    }

    /// <summary>An encoding error that names what was wrong.</summary>
    public EncodingException(string message)
        : base(message)
    {
    }

    /// <summary>An encoding error with its cause.</summary>
    public EncodingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
