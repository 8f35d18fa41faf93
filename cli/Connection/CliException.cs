namespace Dash.Cli.Connection;

/// <summary>The call could not be made or answered; the message is what the user reads after "error: ".</summary>
internal class CliException : Exception
{
    public CliException(string message)
        : base(message)
    {
    }

    public CliException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
