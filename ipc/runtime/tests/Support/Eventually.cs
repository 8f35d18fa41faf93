namespace Dash.Ipc.Tests.Support;

/// <summary>Waits for what another task is about to do.</summary>
internal static class Eventually
{
    // Only a failure takes so long; a busy machine is none.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="what">What is waited for, for the failure's text.</param>
    /// <param name="check">Null when it holds, else what stands in the way.</param>
    internal static async Task Holds(string what, Func<string?> check)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (check() is { } obstacle)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"{what}: {obstacle}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    internal static Task InTime(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    internal static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
