namespace Dash.Common.Concurrency;

/// <summary>
/// One writer, many readers, bounded. Events are numbered without gaps. The writer never waits: a reader that falls behind
/// by more than the capacity is told that it lagged and goes on with what comes next. Publishing is for one thread at a
/// time; reading and subscribing for any.
/// </summary>
public sealed class EventStream<T>
{
    private readonly Lock _gate = new(); // protects the fields below
    private readonly T?[] _ring;
    private readonly List<WeakReference<Reader>> _readers = [];
    private ulong _held; // events before it are kept no longer
    private ulong _last;
    private ulong _oldest;
    private bool _isComplete;
    private TaskCompletionSource? _news; // there while somebody waits

    /// <summary>A stream that keeps the last <paramref name="capacity"/> events for slow readers.</summary>
    /// <param name="capacity">At least 1.</param>
    /// <param name="last">Number of the last event before the first published here.</param>
    public EventStream(int capacity, ulong last = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new T?[capacity];
        _last = last;
        _oldest = last + 1;
        _held = _oldest;
    }

    /// <summary>Number of the newest event.</summary>
    public ulong LastSequence
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>Gives the event to all readers and returns its number. What every reader has read is kept no longer.</summary>
    /// <exception cref="InvalidOperationException">The stream is complete.</exception>
    public ulong Publish(T item)
    {
        lock (_gate)
        {
            if (_isComplete) throw new InvalidOperationException("The event stream is complete.");
            _last++;
            _ring[_last % (ulong)_ring.Length] = item;
            if (_last - _oldest >= (ulong)_ring.Length) _oldest = _last - (ulong)_ring.Length + 1;
            ForgetWhatIsRead();
            Wake();
            return _last;
        }
    }

    /// <summary>Ends the stream: readers get what is left, then the end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Wake();
        }
    }

    /// <summary>A reader of everything after this moment; <see cref="Reader.Position"/> says which number that is.</summary>
    public Reader Subscribe() => Subscribe(told: null);

    /// <summary>The same, for a reader who does not wait for events but has itself told.</summary>
    /// <param name="told">Called for each event by who publishes it: must return at once and use nothing of the stream.</param>
    public Reader Subscribe(Action? told)
    {
        lock (_gate)
        {
            Reader reader = new(this, _last, told);
            _readers.Add(new(reader));
            return reader;
        }
    }

    private void ForgetWhatIsRead()
    {
        var read = _last;
        for (var i = _readers.Count - 1; i >= 0; i--)
        {
            if (!_readers[i].TryGetTarget(out var reader))
            {
                _readers.RemoveAt(i);
            }
            else if (reader.Position + 1 >= _oldest)
            {
                read = Math.Min(read, reader.Position); // one that lags will not get what it missed
            }
        }

        for (_held = Math.Max(_held, _oldest); _held <= read; _held++)
        {
            _ring[_held % (ulong)_ring.Length] = default;
        }
    }

    private void Wake()
    {
        _news?.TrySetResult();
        _news = null;
        foreach (var reader in _readers)
        {
            if (reader.TryGetTarget(out var target))
            {
                target.Told?.Invoke();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One reader's place in the stream. For one thread at a time. Needs no disposal.</summary>
    public sealed class Reader
    {
        private readonly EventStream<T> _stream;
        private ulong _position;

        internal Reader(EventStream<T> stream, ulong position, Action? told)
        {
            _stream = stream;
            _position = position;
            Told = told;
        }

        internal Action? Told { get; }

        /// <summary>Number of the last event read (or skipped), at first of the last one before the subscription.</summary>
        public ulong Position => Volatile.Read(ref _position);

        /// <summary>Takes the next event if there is one.</summary>
        public bool TryRead(out StreamItem<T> item) => TryRead(waits: false, out item, out _, out _);

        /// <summary>Waits for the next event.</summary>
        /// <returns>The event, or null at the end of the stream.</returns>
        public async ValueTask<StreamItem<T>?> ReadAsync(CancellationToken ct)
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                if (TryRead(waits: true, out var item, out var news, out var isComplete)) return item;
                if (isComplete) return null;
                await news!.WaitAsync(ct).ConfigureAwait(false); // nothing was read, and it is asked for
            }
        }

        private bool TryRead(bool waits, out StreamItem<T> item, out Task? news, out bool isComplete)
        {
            lock (_stream._gate)
            {
                news = null;
                isComplete = _stream._isComplete;
                if (_position == _stream._last)
                {
                    news = waits && !isComplete ? (_stream._news ??= NewSignal()).Task : null;
                    item = default;
                    return false;
                }

                if (_position + 1 < _stream._oldest)
                {
                    Volatile.Write(ref _position, _stream._last);
                    item = new(_position, default, IsLagged: true);
                    return true;
                }

                Volatile.Write(ref _position, _position + 1);
                item = new(_position, _stream._ring[_position % (ulong)_stream._ring.Length], IsLagged: false);
                return true;
            }
        }
    }
}
