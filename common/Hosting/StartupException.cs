namespace Dash.Common.Hosting;

/// <summary>The daemon cannot start, for a reason the user can understand: printed as "Error: message", exit code 1.</summary>
public sealed class StartupException : Exception
{
    /// <summary>What is printed before the message and a colon.</summary>
    public string Caption { get; init; } = "Error";

    /// <summary>The user has read why already: the process that could not start said so itself.</summary>
    public bool IsTold { get; init; }

    /// <summary>With the text for the user.</summary>
    public StartupException(string message)
        : base(message)
    {
    }

    /// <summary>With the text for the user and the cause.</summary>
    public StartupException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a text; present because exceptions have it.</summary>
    public StartupException()
    {
    }
}
