using Dash.Common.Concurrency;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// How far the loading of a wallet is, and the way to end it: whoever loads says it, anybody looks and may abort. Once the wallet is
/// about to be loaded (<see cref="Pass"/>) it cannot be ended any more.
/// </summary>
internal sealed class LoadWatch
{
    /// <summary>
    /// The engine asks every so many of its steps whether to go on. A step of a check is a page, which takes some microseconds, and so
    /// does a step of a statement that copies or sorts.
    /// </summary>
    public const int StepsBetween = 40;

    private const int Loading = 0;
    private const int Aborted = 1;
    private const int Passed = 2;

    private int _state;
    private long _total;
    private long _done;
    private string _phase = "waiting";

    /// <summary>Hears of each phase before it begins, on the thread that loads.</summary>
    public Action<string> Entered { get; init; } = static _ => { };

    /// <summary>What is being done, as text.</summary>
    public string Phase => Volatile.Read(ref _phase);

    /// <summary>How much of the phase is done, from 0 to 1; 0 where that is not known.</summary>
    public double Progress => Volatile.Read(ref _total) is > 0 and var total ? Math.Min(1, Volatile.Read(ref _done) / (double)total) : 0;

    /// <summary>Somebody wants it to end.</summary>
    public bool IsAborted => Volatile.Read(ref _state) == Aborted;

    /// <summary>Makes it end soon, leaving the file as it was; false if it is too late.</summary>
    public bool Abort() => Interlocked.CompareExchange(ref _state, Aborted, Loading) == Loading;

    /// <summary>From now on it is not ended any more.</summary>
    /// <exception cref="WalletException">It was, before.</exception>
    public void Pass()
    {
        if (Interlocked.CompareExchange(ref _state, Passed, Loading) == Aborted)
        {
            throw Refusal();
        }
    }

    /// <summary>It has ended by itself, so that nobody ends it any more.</summary>
    public void Close() => Interlocked.CompareExchange(ref _state, Passed, Loading);

    /// <summary>What a caller whose loading was ended gets to hear.</summary>
    public static WalletException Refusal() => new(WalletError.Wallet, "Wallet loading was aborted.");

    /// <summary>The next phase.</summary>
    /// <param name="phase">Its name.</param>
    /// <param name="total">How many steps it has; 0 if that is not known.</param>
    public void Enter(string phase, long total = 0)
    {
        if (IsAborted)
        {
            throw Refusal();
        }

        Entered(phase);
        Volatile.Write(ref _total, 0);
        Volatile.Write(ref _done, 0);
        Volatile.Write(ref _phase, phase);
        Volatile.Write(ref _total, total);
    }

    /// <summary>Counts the steps of a sequence while it is walked.</summary>
    public IEnumerable<T> Count<T>(IEnumerable<T> steps)
    {
        var done = 0L;
        foreach (var step in steps)
        {
            ThreadTurns.Rest();
            if ((++done & 0xFF) == 0)
            {
                Volatile.Write(ref _done, done);
                if (IsAborted)
                {
                    throw Refusal();
                }
            }

            yield return step;
        }
    }

    /// <summary>So many steps of the phase are done.</summary>
    /// <exception cref="WalletException">It is to end.</exception>
    public void Reach(long done)
    {
        ThreadTurns.Rest();
        Volatile.Write(ref _done, done);
        if (IsAborted)
        {
            throw Refusal();
        }
    }

    /// <summary>Long statements of this connection end too; until <see cref="Release"/>.</summary>
    public void Attach(SqliteConnection connection) =>
        raw.sqlite3_progress_handler(connection.Handle, StepsBetween, static watch => ((LoadWatch)watch).MayGoOn() ? 0 : 1, this);

    private bool MayGoOn()
    {
        ThreadTurns.Rest();
        return !IsAborted;
    }

    /// <summary>Statements of this connection run to their end again.</summary>
    public static void Release(SqliteConnection connection) => raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
}
