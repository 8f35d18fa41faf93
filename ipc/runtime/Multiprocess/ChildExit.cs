using System.Globalization;

namespace Dash.Ipc.Multiprocess;

/// <summary>How a child process ended.</summary>
/// <param name="Code">What it returned; null if a signal ended it.</param>
/// <param name="Signal">The signal that ended it; null if it returned.</param>
public readonly record struct ChildExit(int? Code, int? Signal)
{
    /// <summary>Whether it ended as it should.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>As text: <c>exited with status 1</c>, <c>was ended by signal 9</c>.</summary>
    public override string ToString() => (Code, Signal) switch
    {
        ({ } code, _) => string.Create(CultureInfo.InvariantCulture, $"exited with status {code}"),
        (_, { } signal) => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}"),
        _ => "exited",
    };
}
