using System.Diagnostics;
using Dash.Common.Concurrency;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Keeps a long copy from taking a processor and the disk from those who are waited for: it works a few milliseconds and rests
/// three times as long, until it is told to give up. For the thread that copies.
/// </summary>
/// <param name="stop">Gives up.</param>
internal sealed class BackupPace(CancellationToken stop)
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(15);

    private long _since = Stopwatch.GetTimestamp();

    /// <summary>It is to give up.</summary>
    public bool IsOver => stop.IsCancellationRequested;

    /// <summary>Rests when it is time to.</summary>
    /// <returns>False to give up.</returns>
    public bool MayGoOn()
    {
        ThreadTurns.Rest();
        if (Stopwatch.GetElapsedTime(_since) >= Work)
        {
            stop.WaitHandle.WaitOne(Rest);
            _since = Stopwatch.GetTimestamp();
        }

        return !stop.IsCancellationRequested;
    }
}
