namespace Dash.Node.Rpc;

/// <summary>The scan of all coins that is under way, of which there is one at a time. Any thread.</summary>
internal sealed class CoinScan
{
    private readonly Lock _gate = new(); // protects the field below
    private State? _running;

    /// <summary>How far it is, in percent; null if there is none.</summary>
    public int? Progress
    {
        get
        {
            lock (_gate)
            {
                return _running?.Progress;
            }
        }
    }

    /// <summary>Begins one; null if another is under way.</summary>
    public Running? TryBegin()
    {
        lock (_gate)
        {
            return _running is null ? new Running(this, _running = new State()) : null;
        }
    }

    /// <summary>Asks the one under way to end; false if there is none.</summary>
    public bool Abort()
    {
        lock (_gate)
        {
            if (_running is null)
            {
                return false;
            }

            _running.IsAborted = true;
            return true;
        }
    }

    /// <summary>A scan; ends when disposed.</summary>
    internal sealed class Running(CoinScan owner, State state) : IDisposable
    {
        /// <summary>Whether it shall end.</summary>
        public bool IsAborted => state.IsAborted;

        /// <summary>Says how far it is, in percent.</summary>
        public void Report(int progress) => state.Progress = progress;

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._running = null;
            }
        }
    }

    /// <summary>What both sides know of a scan.</summary>
    internal sealed class State
    {
        private volatile bool _isAborted;
        private volatile int _progress;

        /// <summary>Whether it shall end.</summary>
        public bool IsAborted { get => _isAborted; set => _isAborted = value; }

        /// <summary>How far it is, in percent.</summary>
        public int Progress { get => _progress; set => _progress = value; }
    }
}
