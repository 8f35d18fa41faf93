namespace Dash.WalletServer.Tool;

/// <summary>What the offline tool has to say instead of a result.</summary>
internal sealed class ToolException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>How the program ends.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Core ends most of these lines; some it leaves open.</summary>
    public bool EndsLine { get; init; } = true;
}
