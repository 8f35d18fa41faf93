using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Keeps what is known about long pieces of work in the wallet's file.</summary>
internal static class JobRequests
{
    /// <summary>A new one is stored before it begins.</summary>
    public static Task<WalletJob> BeginJobAsync(
        this Wallet wallet, int startHeight, int? stopHeight, long? since, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                var id = state.Snapshot.Jobs.IsEmpty ? 1 : state.Snapshot.Jobs.Max(static job => job.Id) + 1;
                var job = new WalletJob(id, startHeight, stopHeight, now) { Since = since };
                return new Decision<WalletJob>(new ChangeSet { Job = job }, job);
            },
            ct);
    }

    /// <summary>How far it is now.</summary>
    public static Task<bool> NoteJobAsync(this Wallet wallet, long id, int reached, JobState jobState, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                if (state.Snapshot.Jobs.FirstOrDefault(job => job.Id == id) is not { } job)
                {
                    return Decision<bool>.Of(false);
                }

                var noted = job with { Reached = reached, State = jobState, Ended = jobState == JobState.Running ? 0 : now };
                return new Decision<bool>(new ChangeSet { Job = noted }, true);
            },
            ct);
    }
}
