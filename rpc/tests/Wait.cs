namespace Dash.Rpc.Tests;

/// <summary>Waiting for something that another thread brings about.</summary>
internal static class Wait
{
    // Only a failure takes so long; a busy machine is none.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(string what, Func<bool> isSo, CancellationToken ct)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                throw new TimeoutException($"Did not happen: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, ct);
        }
    }
}
