using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Long answers, kept as long as what they reflect does not change, so that asking again costs the sending alone. Bounded in bytes;
/// what nobody asked for during a minute is forgotten. Any thread.
/// </summary>
public sealed class KnownAnswers : IDisposable
{
    // Shorter ones are made as fast as they are found.
    private const int Shortest = 1 << 10;
    private const int LongestQuestion = 1024;

    // Of each kind: who asks for many short answers takes no place from a long one.
    private const int MostEntries = 64;
    private const int ShortAtMost = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = []; // the last to be asked for at the end
    private readonly List<(IKeptPart Part, long Bytes, long Asked)> _parts = []; // likewise
    private readonly TimeProvider _time;
    private readonly long _most;
    private readonly ITimer _timer;
    private long _bytes;
    private long _given;

    /// <summary>An empty store.</summary>
    /// <param name="most">Bytes at most.</param>
    /// <param name="time">For what is forgotten.</param>
    public KnownAnswers(long most, TimeProvider time)
    {
        (_most, _time) = (most, time);
        _timer = time.CreateTimer(_ => ForgetOld(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>So many bytes were forgotten because nobody asked for them. On a thread of the pool.</summary>
    public event Action<long>? Forgot;

    /// <summary>Bytes that are kept at most.</summary>
    public long Most => _most;

    /// <summary>Bytes that are kept.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Calls that were answered from here.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <summary>Writes the result of the same question to the same state, if it is known.</summary>
    /// <returns>False if it is not.</returns>
    public bool TryWrite(AnswerState state, RpcRequest request, ReplyBuffer reply)
    {
        lock (_gate)
        {
            // What another state of the same owner said will not be asked for any more.
            Remove(entry => entry.Owner.TryGetTarget(out var owner) && ReferenceEquals(owner, state.Owner) && !entry.IsOf(state));
            var question = Question(request);
            if (_entries.FindIndex(entry => entry.IsAbout(request.Method, question) && entry.IsOf(state)) is not (>= 0 and var at))
            {
                return false;
            }

            var found = _entries[at] with { Asked = _time.GetTimestamp() };
            _entries.RemoveAt(at);
            _entries.Add(found);
            Interlocked.Increment(ref _given);
            reply.Write(found.Reply); // before anybody else lets it go
            return true;
        }
    }

    /// <summary>Keeps a result, if it is long enough to be worth it and short enough to fit.</summary>
    /// <param name="state">What it reflects.</param>
    /// <param name="request">The question.</param>
    /// <param name="reply">The reply, whose end it is.</param>
    /// <param name="begin">Where it begins in there.</param>
    public void Keep(AnswerState state, RpcRequest request, ReplyBuffer reply, long begin)
    {
        var length = reply.Length - begin;
        var question = Question(request);
        if (length < Shortest || length > _most || question.Length > LongestQuestion)
        {
            return;
        }

        Entry entry = new(new(state.Owner), new(state.Version), request.Method, question, reply.Keep(begin), _time.GetTimestamp());
        lock (_gate)
        {
            Remove(other => other.IsAbout(request.Method, question) && other.IsOf(state));
            while (_entries.Count(other => other.IsShort == entry.IsShort) >= MostEntries)
            {
                RemoveAt(_entries.FindIndex(other => other.IsShort == entry.IsShort));
            }

            while (_entries.Count > 0 && _bytes + length > _most)
            {
                RemoveAt(0);
            }

            if (_bytes + length > _most)
            {
                entry.Reply.Dispose(); // what answers are made of is worth more than one of them
                return;
            }

            _entries.Add(entry);
            _bytes += length;
            _timer.Change(Patience, Patience);
        }
    }

    /// <summary>
    /// Counts what answers are made of, which was just used; others are dropped to make room, and the part itself where there is none.
    /// Its owner must hold nothing that <see cref="IKeptPart.Drop"/> waits for.
    /// </summary>
    public void Use(IKeptPart part)
    {
        List<IKeptPart> dropped = [];
        lock (_gate)
        {
            RemovePart(_parts.FindIndex(other => other.Part == part));
            var bytes = part.Bytes;
            if (bytes > _most)
            {
                dropped.Add(part);
            }
            else
            {
                while (_bytes + bytes > _most && _entries.Count > 0)
                {
                    RemoveAt(0);
                }

                while (_bytes + bytes > _most && _parts.Count > 0)
                {
                    dropped.Add(_parts[0].Part);
                    RemovePart(0);
                }

                _parts.Add((part, bytes, _time.GetTimestamp()));
                _bytes += bytes;
                _timer.Change(Patience, Patience);
            }
        }

        foreach (var one in dropped)
        {
            one.Drop();
        }
    }

    /// <summary>Counts a part no longer, and drops it.</summary>
    public void Drop(IKeptPart part)
    {
        lock (_gate)
        {
            RemovePart(_parts.FindIndex(other => other.Part == part));
        }

        part.Drop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        List<IKeptPart> dropped;
        lock (_gate)
        {
            Remove(static _ => true);
            dropped = [.. _parts.Select(static part => part.Part)];
            _parts.Clear();
            _bytes = 0;
        }

        dropped.ForEach(static part => part.Drop());
    }

    private static string Question(RpcRequest request) =>
        request.Params.ValueKind == JsonValueKind.Undefined ? "" : request.Params.GetRawText();

    private void ForgetOld()
    {
        long forgotten;
        List<IKeptPart> dropped = [];
        lock (_gate)
        {
            forgotten = _bytes;
            Remove(entry => _time.GetElapsedTime(entry.Asked) >= Patience || !entry.Owner.TryGetTarget(out _));
            while (_parts.Count > 0 && _time.GetElapsedTime(_parts[0].Asked) >= Patience)
            {
                dropped.Add(_parts[0].Part);
                RemovePart(0);
            }

            forgotten -= _bytes;
            if (_entries.Count == 0 && _parts.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        dropped.ForEach(static part => part.Drop());

        if (forgotten > 0)
        {
            Forgot?.Invoke(forgotten);
        }
    }

    private void Remove(Predicate<Entry> isGone)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (isGone(_entries[i]))
            {
                RemoveAt(i);
            }
        }
    }

    private void RemovePart(int at)
    {
        if (at >= 0)
        {
            _bytes -= _parts[at].Bytes;
            _parts.RemoveAt(at);
        }
    }

    private void RemoveAt(int at)
    {
        _bytes -= _entries[at].Reply.Length;
        _entries[at].Reply.Dispose();
        _entries.RemoveAt(at);
    }

    // Nothing here keeps a wallet in memory that is used no more.
    private sealed record Entry(
        WeakReference<object> Owner, WeakReference<object> Version, string Method, string Question, KeptReply Reply, long Asked)
    {
        public bool IsOf(AnswerState state) => Version.TryGetTarget(out var version) && ReferenceEquals(version, state.Version);

        public bool IsShort => Reply.Length <= ShortAtMost;

        public bool IsAbout(string method, string question) => Method == method && Question == question;
    }
}
