namespace Dash.WalletServer.Ledger;

/// <summary>What a long piece of work is; the values are in files.</summary>
internal enum JobKind
{
    /// <summary>Old blocks looked at again.</summary>
    Rescan = 1,

    /// <summary>Descriptors taken in, and old blocks looked at for them.</summary>
    Import = 2,
}

/// <summary>How far a long piece of work is; the values are in files.</summary>
internal enum JobState
{
    /// <summary>It goes on, now or when a node is there again, also after a restart.</summary>
    Running = 1,

    /// <summary>It is done.</summary>
    Done = 2,

    /// <summary>Somebody ended it.</summary>
    Aborted = 3,

    /// <summary>It could not be done.</summary>
    Failed = 4,
}

/// <summary>Old blocks looked at again for a wallet: a piece of work that outlives its caller and the process.</summary>
/// <param name="Id">Its number in the wallet.</param>
/// <param name="StartHeight">The first block, inclusive.</param>
/// <param name="StopHeight">The last block, inclusive; null for the tip.</param>
/// <param name="Begun">When it was asked for, seconds since 1970.</param>
internal sealed record WalletJob(long Id, int StartHeight, int? StopHeight, long Begun)
{
    /// <summary>Blocks before this time, seconds since 1970, need not be looked at; null when the heights say all.</summary>
    public long? Since { get; init; }

    /// <summary>The last block that was looked at; -1 for none.</summary>
    public int Reached { get; init; } = -1;

    /// <summary>How far it is.</summary>
    public JobState State { get; init; } = JobState.Running;

    /// <summary>When it ended; 0 while it has not.</summary>
    public long Ended { get; init; }

    /// <summary>What it is.</summary>
    public JobKind Kind { get; init; } = JobKind.Rescan;

    /// <summary>
    /// What its caller is answered, as JSON; null for nothing. Stored with the job, and again if it fails, and kept in the file only: a snapshot's
    /// jobs don't have it.
    /// </summary>
    public string? Answer { get; init; }

    /// <summary>
    /// Of an import: when what each request is for was made, as its caller gave it, seconds since 1970. Who they concern that the search could
    /// not look at follows from it, also after a restart. In the file only, too.
    /// </summary>
    public IReadOnlyList<long>? Timestamps { get; init; }
}
