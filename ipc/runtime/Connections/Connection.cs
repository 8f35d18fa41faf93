using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Dash.Ipc.Connections;

/// <summary>
/// One peer: Cap'n Proto RPC, level 1, over one transport. This part is its life; the others are what it says and hears
/// (<c>Connection.Calls</c>, <c>Connection.Messages</c>, <c>Connection.Exchange</c>).
/// </summary>
/// <remarks>
/// One task reads, one writes. The reader decodes, updates tables and delivers; it never runs user code and never
/// waits for
/// anybody. What is decided about the tables and what is put into the send queue happens under one lock, so the peer
/// sees
/// it in that order.
/// </remarks>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A source without a timer holds nothing.")]
internal sealed partial class Connection : RemotePeer
{
    private readonly Transport _transport;
    private readonly IpcLimits _limits;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Capability? _bootstrap;
    private readonly SendQueue _sending;
    private readonly PipeReader _input;
    private readonly Reception? _reception;
    private readonly CancellationTokenSource _disconnected = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // With so few calls under way, the thread that made a message also sends it: nothing would be gathered by waiting.
    private const int FewCalls = 4;

    private const int ManyCalls = 16;

    // 15 microseconds.
    private static readonly long GatherTicks = Stopwatch.Frequency / 66_667;

    // As many as a burst has under way; each is some 400 bytes.
    private const int MaxIdleQuestions = 128;

    // Protects the tables and everything in them. Held for table work and for putting frames in line, never while user
    // code runs or a stream is awaited.
    private readonly Lock _gate = new();
    private readonly SlotTable<Question> _questions = new();
    private readonly Dictionary<uint, Answer> _answers = [];
    private readonly ExportTable _exports = new();
    private readonly Dictionary<uint, ImportedCapability> _imports = [];
    private readonly SlotTable<Embargo> _embargoes = new();
    private int _places; // of answers that are not there yet, or were not when they were named
    private int _loopbacks; // of the peer that wait for a promise of ours
    private readonly Stack<Question> _idleQuestions = new();
    private readonly Queue<(uint Id, long Finish)> _finishing = new();
    private long _laterPut;
    private IpcException? _broken;
    private int _runningCalls;

    // Only the reader's: whether what it handles now may have held a secret.
    private bool _mustWipe;
    private MessageReader? _spare;
    private int _returned;
    private long _heldBytes;
    private long _received;
    private long _unfinishedSince;
    private Task _announcing = Task.CompletedTask;

    /// <param name="transport">Owned from here on.</param>
    /// <param name="bootstrap">What the peer gets when it asks for the first object; one reference to it is taken over.</param>
    /// <param name="limits">What the peer may cost.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="logger">Category <c>ipc</c>.</param>
    /// <param name="told">Called first on each thread that waits for what arrives or watches those, and there when something did.</param>
    internal Connection(
        Transport transport,
        Capability? bootstrap,
        IpcLimits limits,
        TimeProvider time,
        ILogger logger,
        (Action? Begin, Action? Received) told = default)
    {
        _transport = transport;
        _bootstrap = bootstrap;
        _limits = limits;
        _time = time;
        _logger = logger;
        _sending = new SendQueue(transport.Output, limits.SendSoftBytes, limits.SendHardBytes);
        if (transport.TakeBlockingInput() is { } blocking)
        {
            _input = blocking;
            _reception = new Reception(Receive, _sending.Write, told);
        }
        else
        {
            _input = transport.Input;
        }
    }

    /// <summary>Cancelled when the connection has ended.</summary>
    internal CancellationToken Disconnected => _disconnected.Token;

    /// <summary>Why it ended; null while it lives.</summary>
    internal IpcException? Reason => Volatile.Read(ref _broken);

    internal string Peer => _transport.Peer;

    /// <summary>Bytes received so far: whether they grow says whether the peer lives.</summary>
    internal long Received => Interlocked.Read(ref _received);

    /// <summary>How long the peer took to answer lately.</summary>
    internal RoundTrips RoundTrips { get; } = new();

    /// <summary>How long the message that is arriving has taken so far; zero between messages.</summary>
    internal TimeSpan UnfinishedFor => Interlocked.Read(ref _unfinishedSince) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Sizes of the tables, for tests and metrics.</summary>
    internal (int Questions, int Answers, int Exports, int Imports, int Embargoes) Sizes
    {
        get
        {
            lock (_gate)
            {
                return (_questions.Count, _answers.Count, _exports.Count, _imports.Count, _embargoes.Count);
            }
        }
    }

    /// <summary>
    /// Serves the connection until it has ended and its transport is closed. Never throws: whatever ends it is its
    /// reason.
    /// </summary>
    internal async Task RunAsync()
    {
        var reading = _reception?.RunAsync() ?? ReadAsync();
        var writing = WriteAsync();
        await _ended.Task.ConfigureAwait(false);

        // What was put in line still goes out, then the peer is heard to its end: else it may lose what we said last.
        if (await EndsInTimeAsync(writing).ConfigureAwait(false))
        {
            await _transport.CompleteOutputAsync().ConfigureAwait(false);
            await EndsInTimeAsync(reading).ConfigureAwait(false);
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        await _announcing.ConfigureAwait(false);
        _sending.Dispose();
    }

    /// <summary>Ends the connection from this side: what was said is still sent.</summary>
    internal void Close() => Break(new IpcException(IpcErrorKind.Disconnected, "Connection was closed."), tellPeer: false);

    /// <summary>
    /// The one way a connection ends. The first reason counts: calls in flight fail, objects of the peer are broken,
    /// objects
    /// of ours are let go.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <param name="tellPeer">Whether it is the peer's fault and it should know.</param>
    internal void Break(IpcException reason, bool tellPeer)
    {
        List<Question> questions;
        List<Answer> answers;
        List<Held> held;
        List<Capability> exports;
        List<Embargo> embargoes;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            Volatile.Write(ref _broken, reason);
            if (tellPeer)
            {
                Enqueue(ProtocolWriter.Abort(reason));
            }

            _sending.Complete();
            questions = _questions.Clear();
            answers = [.. _answers.Values];
            held = [.. answers.Where(answer => answer.IsReturned).Select(answer => answer.TakeHeld())];
            _answers.Clear();
            exports = _exports.Clear();
            embargoes = _embargoes.Clear();
            _imports.Clear(); // whoever holds one finds it broken
        }

        if (tellPeer)
        {
            Log.Broken(_logger, Peer, reason.Message);
        }
        else
        {
            Log.Disconnected(_logger, Peer, reason.Message);
        }

        _announcing = _disconnected.CancelAsync();
        foreach (var question in questions)
        {
            FailAtEnd(question, reason);
        }

        foreach (var answer in answers)
        {
            answer.Cancel();
        }

        foreach (var results in held)
        {
            results.Release();
        }

        foreach (var embargo in embargoes)
        {
            embargo.Waiting.Break(Interrupted(reason));
            embargo.Waiting.Release();
            embargo.Target.Release();
        }

        foreach (var capability in exports)
        {
            capability.Release();
        }

        _bootstrap?.Release();
        _ended.TrySetResult();
    }

    /// <summary>What a call gets that is made when the connection has ended.</summary>
    internal static IpcException AfterDisconnect(IpcException reason) =>
        new(IpcErrorKind.Disconnected, "IPC client method called after disconnect.", reason);

    /// <summary>What a call gets that was in flight when the connection ended.</summary>
    private static IpcException Interrupted(IpcException reason) => reason.IsRemote
        ? IpcException.Remote(IpcErrorKind.Disconnected, reason.Reason, reason)
        : new IpcException(IpcErrorKind.Disconnected, "IPC client method call interrupted by disconnect.", reason);

    private void FailAtEnd(Question question, IpcException reason)
    {
        var failure = Interrupted(reason);
        lock (_gate)
        {
            if (question.State == Question.Phase.Returned)
            {
                question.State = Question.Phase.Gone;
                return; // its results are there
            }

            question.State = Question.Phase.Gone;
            question.Failure = failure;
            foreach (var promise in TakePipelined(question))
            {
                promise.Resolve(new BrokenCapability(failure));
            }
        }

        question.Fail(failure);
        question.SetEnded();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (Take(await _input.ReadAsync().ConfigureAwait(false)))
            {
                // until the end
            }
        }
        catch (Exception failure)
        {
            if (BreakFor(failure))
            {
                await DrainAsync().ConfigureAwait(false);
            }
        }
    }

    // The same for a thread that waits in the kernel, one read at a time; false after the end.
    private bool Receive()
    {
        try
        {
            LetAnswersGather();
            var reading = _input.ReadAsync();
            return Take(reading.IsCompleted ? reading.Result : reading.AsTask().GetAwaiter().GetResult());
        }
        catch (Exception failure)
        {
            if (BreakFor(failure))
            {
                DrainAsync().GetAwaiter().GetResult();
            }

            return false;
        }
    }

    // With many calls under way, who takes each answer as it comes makes the peer wake us for each. A pause of some microseconds
    // lets more of them arrive.
    private void LetAnswersGather()
    {
        var returned = _returned;
        _returned = 0;
        if (returned == 0 || returned >= _questions.Count / 2 || _questions.Count < ManyCalls)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() - started < GatherTicks)
        {
            Thread.SpinWait(8);
        }
    }

    // What one read brought; false at the end of the stream.
    private bool Take(ReadResult read)
    {
        var rest = HandleAndWipe(read.Buffer);
        _input.AdvanceTo(rest.Start, rest.End);
        if (read.IsCompleted || read.IsCanceled)
        {
            Break(new IpcException(IpcErrorKind.Disconnected, "Peer disconnected."), tellPeer: false);
            return false;
        }

        return true;
    }

    /// <returns>
    /// Whether the peer broke the protocol. It is told, and heard no more, but read on so that it can close in order.
    /// </returns>
    private bool BreakFor(Exception failure)
    {
        var breach = failure as IpcException ?? (failure is IpcFormatException illFormed ? IpcException.Of(illFormed) : null);
        Break(breach ?? new IpcException(IpcErrorKind.Disconnected, failure.Message, failure), tellPeer: breach is not null);
        return breach is not null;
    }

    // Handles all whole messages and gives what is left; after the end, everything is passed over.
    private ReadOnlySequence<byte> Handle(ReadOnlySequence<byte> buffer)
    {
        var isNew = _unfinishedSince == 0;
        Interlocked.Add(ref _received, buffer.Length);
        while (Reason is null && StreamFraming.TryRead(ref buffer, _limits.Message, ref _spare, out var message))
        {
            Handle(message);
            isNew = true;
        }

        if (buffer.IsEmpty)
        {
            Interlocked.Exchange(ref _unfinishedSince, 0);
        }
        else if (isNew)
        {
            Interlocked.Exchange(ref _unfinishedSince, _time.GetTimestamp());
        }

        return Reason is null ? buffer : buffer.Slice(buffer.End);
    }

    private ReadOnlySequence<byte> HandleAndWipe(ReadOnlySequence<byte> buffer)
    {
        try
        {
            var rest = Handle(buffer);
            if (_mustWipe)
            {
                _mustWipe = false;
                Wipe(buffer.Slice(0, rest.Start));
            }

            return rest;
        }
        catch
        {
            Wipe(buffer);
            _input.AdvanceTo(buffer.End);
            throw;
        }
    }

    // What was copied out of the receive buffer is not left in it: the memory is anybody's next.
    private static void Wipe(ReadOnlySequence<byte> read)
    {
        foreach (var part in read)
        {
            MemoryMarshal.AsMemory(part).Span.Clear();
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            while (true)
            {
                var read = await _input.ReadAsync().ConfigureAwait(false);
                _input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (Exception)
        {
            // The stream went away: that is what was waited for.
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _sending.Ended.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Break(new IpcException(IpcErrorKind.Disconnected, failure.Message, failure), tellPeer: false);
        }
    }

    private async Task<bool> EndsInTimeAsync(Task task)
    {
        try
        {
            await task.WaitAsync(_limits.CloseTimeout, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Puts a frame in line; under the lock, so that the peer learns of changes in the order they were made.
    private void Enqueue(MessageBuilder message, SendQueue.Urgency urgency = SendQueue.Urgency.Now) =>
        Enqueue(OutgoingFrame.Of(message), urgency);

    private void Enqueue(OutgoingFrame frame, SendQueue.Urgency urgency = SendQueue.Urgency.Now)
    {
        if (!_sending.Add(frame, urgency) && _broken is null)
        {
            // Not from here: whoever holds the lock is in the middle of something.
            ThreadPool.UnsafeQueueUserWorkItem(
                static connection => connection.Break(
                    new IpcException(IpcErrorKind.Overloaded, "Peer does not read: too much waits to be sent."), tellPeer: false),
                this, preferLocal: false);
        }
    }
}
