namespace Dash.Ipc.Tests.Support;

/// <summary>
/// How much is tried: a little each time, and all of it where <c>IPC_LONG_TESTS</c> is set in the environment; a number
/// there is a divisor, so that <c>10</c> is a tenth of it.
/// </summary>
internal static class LongRun
{
    private const string Variable = "IPC_LONG_TESTS";

    internal static bool IsOn { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    private static int Divisor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), out var divisor) && divisor > 0 ? divisor : 1;

    internal static int Scale(int usual, int full) => IsOn ? Math.Max(usual, full / Divisor) : usual;
}
