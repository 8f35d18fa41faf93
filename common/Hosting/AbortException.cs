namespace Dash.Common.Hosting;

/// <summary>
/// The daemon ends by itself because it cannot go on safely: its disk failed or is full. What is stored is whole. The message
/// is printed as "Error: message"; the exit code is 0, as the end is an orderly one (and dashd's).
/// </summary>
public sealed class AbortException : Exception
{
    /// <summary>What the user reads when the reason stands in the log.</summary>
    public const string SeeLog = "A fatal internal error occurred, see debug.log for details";

    /// <summary>With the text for the user and the cause.</summary>
    public AbortException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>With the text for the user.</summary>
    public AbortException(string message)
        : base(message)
    {
    }

    /// <summary>With the text that points at the log.</summary>
    public AbortException()
        : base(SeeLog)
    {
    }
}
