using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>
/// Notices a peer that is there but no longer answers: frozen, or behind a stream that lost its end without saying
/// so. The
/// question asked is one that every implementation of the protocol answers.
/// </summary>
internal sealed class Heartbeat(Connection connection, IpcLimits limits, TimeProvider time)
{
    /// <summary>Watches until the connection has ended.</summary>
    internal async Task RunAsync()
    {
        // Looks are counted, not time: a process that slept itself takes one look and asks before it judges.
        // The last word may have come just after a look, so silence is one interval more than the looks say.
        var looks = Math.Max(1, (int)(limits.HeartbeatTimeout / limits.HeartbeatInterval) - 1);
        var firstLooks = Math.Max(looks, (int)(limits.FirstWordTimeout / limits.HeartbeatInterval) - 1);
        var patience = limits.CallTimeout > TimeSpan.Zero ? (int)Math.Ceiling(limits.CallTimeout / limits.HeartbeatInterval) : int.MaxValue;
        using var timer = new PeriodicTimer(limits.HeartbeatInterval, time);
        var seen = connection.Received;
        var silent = 0;
        Task asked = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(connection.Disconnected).ConfigureAwait(false))
            {
                var received = connection.Received;
                silent = received == seen ? silent + 1 : 0;
                seen = received;
                if (connection.UnfinishedFor > limits.MessageTimeout)
                {
                    connection.Break(new IpcException(IpcErrorKind.Disconnected, "Peer does not finish its message."), tellPeer: false);
                    return;
                }

                if (silent >= (seen == 0 ? firstLooks : looks))
                {
                    connection.Break(new IpcException(IpcErrorKind.Disconnected, "Peer does not answer."), tellPeer: false);
                    return;
                }

                connection.GiveUpOverdue(patience);
                if (asked.IsCompleted)
                {
                    asked = AskAsync(); // also one that spoke: it may have fallen silent since, and has the more time to answer
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }

        await asked.ConfigureAwait(false);
    }

    private async Task AskAsync()
    {
        try
        {
            using var answer = await connection.Bootstrap().Response.ConfigureAwait(false);
        }
        catch (IpcException)
        {
            // Also a refusal is a sign of life.
        }
    }
}
