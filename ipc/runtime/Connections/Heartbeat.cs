using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>
/// Notices a peer that is there but no longer answers: frozen, or behind a stream that lost its end without saying so. The
/// question asked is one that every implementation of the protocol answers; how long that takes is how slow the link is.
/// </summary>
internal sealed class Heartbeat(Connection connection, IpcLimits limits, TimeProvider time)
{
    // More of its own round trips than a peer that lives is silent for: a message may have to wait for the one before it, there and back.
    private const int SilentRoundTrips = 3;

    // However slow the link was, a peer is given up after so many times the silence that a quick one may keep.
    private const int SlowestFactor = 5;

    // A peer that speaks and does not answer: every so many looks one counts for its calls all the same.
    private const int LooksUnanswered = 12;

    /// <summary>Watches until the connection has ended.</summary>
    internal async Task RunAsync()
    {
        // Looks are counted, not time: a process that slept itself takes one look and asks before it judges.
        // The last word may have come just after a look, so silence is one interval more than the looks say.
        var patience = limits.CallTimeout > TimeSpan.Zero ? (int)Math.Ceiling(limits.CallTimeout / limits.HeartbeatInterval) : int.MaxValue;
        using var timer = new PeriodicTimer(limits.HeartbeatInterval, time);
        var seen = connection.Received;
        var (silent, unanswered) = (0, 0);
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

                if (silent >= LooksOf(LongestSilence()))
                {
                    connection.Break(new IpcException(IpcErrorKind.Disconnected, "Peer does not answer."), tellPeer: false);
                    return;
                }

                // A call's time goes by while the peer answers: on a slow link its answer is under way, as the one to our question is.
                unanswered = asked.IsCompleted ? 0 : unanswered + 1;
                if (unanswered % LooksUnanswered == 0)
                {
                    connection.GiveUpOverdue(patience);
                }

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

    private TimeSpan LongestSilence()
    {
        if (!connection.RoundTrips.Any)
        {
            return limits.FirstAnswerTimeout > limits.HeartbeatTimeout ? limits.FirstAnswerTimeout : limits.HeartbeatTimeout;
        }

        var slow = limits.HeartbeatTimeout + (SilentRoundTrips * connection.RoundTrips.Longest);
        var most = SlowestFactor * limits.HeartbeatTimeout;
        return slow < most ? slow : most;
    }

    private int LooksOf(TimeSpan silence) => Math.Max(1, (int)(silence / limits.HeartbeatInterval) - 1);

    private async Task AskAsync()
    {
        var begun = time.GetTimestamp();
        try
        {
            using var answer = await connection.Bootstrap().Response.ConfigureAwait(false);
        }
        catch (IpcException)
        {
            // Also a refusal is a sign of life.
        }

        connection.RoundTrips.Add(time.GetElapsedTime(begun));
    }
}
