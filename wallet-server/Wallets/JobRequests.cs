using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Keeps what is known about long pieces of work in the wallet's file.</summary>
internal static class JobRequests
{
    /// <summary>A new one is stored before it begins.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="plan">What is to be done; it gets its number and its time here.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static Task<WalletJob> BeginJobAsync(this Wallet wallet, WalletJob plan, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var job = Number(state.Snapshot, plan, now);
                return new Decision<WalletJob>(new ChangeSet { Job = job }, job);
            },
            ct);
    }

    /// <summary>A job with the wallet's next number that begins at <paramref name="now"/>; one that has nothing to do has ended as well.</summary>
    public static WalletJob Number(WalletSnapshot wallet, WalletJob plan, long now) => plan with
    {
        Id = wallet.Jobs.IsEmpty ? 1 : wallet.Jobs.Max(static job => job.Id) + 1,
        Begun = now,
        Ended = plan.State == JobState.Running ? 0 : now,
    };

    /// <summary>How far it is now. How it ended first stays.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="id">The job's number.</param>
    /// <param name="reached">The last block that was looked at; -1 for none.</param>
    /// <param name="jobState">Whether it goes on.</param>
    /// <param name="answer">
    /// What its caller is answered instead of what was stored with it, given that and the timestamps of the requests; null to leave it.
    /// </param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static Task<bool> NoteJobAsync(
        this Wallet wallet, long id, int reached, JobState jobState, Func<string, IReadOnlyList<long>, string>? answer, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                if (state.Snapshot.Jobs.FirstOrDefault(job => job.Id == id) is not { State: JobState.Running } job)
                {
                    return Decision<bool>.Of(false);
                }

                var noted = job with
                {
                    Reached = reached,
                    State = jobState,
                    Answer = answer is not null && state.History.JobAnswer(id) is ({ } stored, { } timestamps) ? answer(stored, timestamps) : null,
                    Ended = jobState == JobState.Running ? 0 : now,
                };
                return new Decision<bool>(new ChangeSet { Job = noted }, true);
            },
            ct);
    }
}
