namespace Dash.Common.Options;

/// <summary>What the user gave on the command line or in a file cannot be used. The message is what the user reads.</summary>
public sealed class OptionException : Exception
{
    /// <summary>With the text for the user.</summary>
    public OptionException(string message)
        : base(message)
    {
    }

    /// <summary>With the text for the user and the cause.</summary>
    public OptionException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a text; present because exceptions have it.</summary>
    public OptionException()
    {
    }

    /// <summary>What is the matter with a file, without what the message has around it; null for other failures.</summary>
    public string? Reason { get; init; }
}
