using Dash.Common.Concurrency;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>
/// The scripts of one block, checked by several threads while the block's other rules are: whoever adds inputs goes on, others
/// take them in small groups, and at the end the adding thread helps with what is left. Belongs to the thread that made it.
/// </summary>
internal sealed class ScriptChecks : IDisposable
{
    // Checking one takes some 30 to 100 µs: enough that taking a group costs nothing beside, few enough that all end together.
    private const int GroupSize = 8;

    private readonly (Transaction Transaction, Coin Coin, int Input)[] _inputs;
    private readonly Func<Transaction, int, Coin, bool> _verify;
    private readonly Task[] _workers;
    private readonly object _gate = new(); // workers wait on it for inputs; guards nothing else
    private int _waiting; // how many do
    private int _added;
    private int _published; // what workers may take, a multiple of the group's size until all is added
    private int _taken;
    private int _isAllAdded;
    private int _hasFailed;

    /// <summary>Starts the threads.</summary>
    /// <param name="most">How many inputs there may be.</param>
    /// <param name="workers">Threads beside the caller's.</param>
    /// <param name="scheduler">What they run on.</param>
    /// <param name="verify">Checks one input; any thread.</param>
    public ScriptChecks(int most, int workers, TaskScheduler scheduler, Func<Transaction, int, Coin, bool> verify)
    {
        _inputs = new (Transaction, Coin, int)[most];
        _verify = verify;
        _workers = new Task[Math.Min(workers, most / GroupSize)];
        for (var i = 0; i < _workers.Length; i++)
        {
            _workers[i] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.None, scheduler);
        }
    }

    /// <summary>Adds the inputs of a transaction with the coins they spend, in order.</summary>
    public void Add(Transaction transaction, IReadOnlyList<Coin> spent)
    {
        for (var input = 0; input < spent.Count; input++)
        {
            _inputs[_added++] = (transaction, spent[input], input);
            if (_added % GroupSize == 0)
            {
                Publish(_added);
            }
        }
    }

    /// <summary>Waits for all checks, helping.</summary>
    /// <returns>Whether all passed.</returns>
    public bool Finish()
    {
        End();
        Work();
        Task.WaitAll(_workers);
        return _hasFailed == 0;
    }

    /// <summary>Ends the threads, whether all was checked or not.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _hasFailed, 1);
        End();
        Task.WaitAll(_workers);
    }

    private void End()
    {
        Volatile.Write(ref _published, _added); // before the other: who sees that all is added sees how much that is
        Volatile.Write(ref _isAllAdded, 1);
        Publish(_added);
    }

    private void Publish(int count)
    {
        Volatile.Write(ref _published, count);
        Interlocked.MemoryBarrier(); // a worker that is not seen waiting here sees what was published
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Work()
    {
        while (Volatile.Read(ref _hasFailed) == 0)
        {
            var from = Interlocked.Add(ref _taken, GroupSize) - GroupSize;
            var to = Math.Min(WaitFor(from + GroupSize), from + GroupSize);
            for (var i = from; i < to; i++)
            {
                ThreadTurns.Rest();
                var (transaction, coin, input) = _inputs[i];
                if (!_verify(transaction, input, coin))
                {
                    Volatile.Write(ref _hasFailed, 1);
                    return;
                }
            }

            if (to < from + GroupSize)
            {
                return; // all is added, and taken
            }
        }
    }

    // How many are there: at least so many, unless there are no more.
    private int WaitFor(int count)
    {
        if (IsShort(count))
        {
            lock (_gate)
            {
                Interlocked.Increment(ref _waiting);
                while (IsShort(count))
                {
                    Monitor.Wait(_gate);
                }

                Interlocked.Decrement(ref _waiting);
            }
        }

        return Volatile.Read(ref _published);
    }

    private bool IsShort(int count) => Volatile.Read(ref _published) < count && Volatile.Read(ref _isAllAdded) == 0;
}
