using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Peers;

/// <summary>
/// The byte stream of one peer: one loop reads messages into a queue, one writes what is sent. A reader who does not keep
/// up stops the reading; a peer that does not read is noticed by <see cref="IsSendPaused"/>. Everything but
/// <see cref="RunAsync"/> is for any thread.
/// </summary>
internal sealed class PeerConnection
{
    private const int ReadSize = 64 * 1024;

    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly ConcurrentQueue<(string Type, ReadOnlyMemory<byte> Payload)> _outgoing = new();
    private readonly AsyncSignal _room = new();
    private readonly AsyncSignal _toSend = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream _stream;
    private readonly ConnectionLimits _limits;
    private readonly NetTotals _totals;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly Action _wake;
    private long _receivedBytes;
    private long _queuedBytes;
    private int _isDisconnected;
    private long _lastSend;
    private long _lastReceive;

    /// <summary>A connection that does nothing until it runs.</summary>
    /// <param name="id">The peer's number, for logs.</param>
    /// <param name="stream">The bytes; closed at the end.</param>
    /// <param name="transport">How messages are put on it.</param>
    /// <param name="limits">Sizes of the queues.</param>
    /// <param name="totals">Counts the bytes of all connections.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Where faults are told.</param>
    /// <param name="wake">Called when a message came in, when there is room again for what is sent, or the connection ended.</param>
    public PeerConnection(
        long id,
        Stream stream,
        IPeerTransport transport,
        ConnectionLimits limits,
        NetTotals totals,
        Clock clock,
        ILogger log,
        Action wake)
    {
        Id = id;
        _stream = stream;
        Transport = transport;
        _limits = limits;
        _totals = totals;
        _clock = clock;
        _log = log;
        _wake = wake;
        SentTraffic = new TrafficCount();
        ReceivedTraffic = new TrafficCount();
    }

    /// <summary>The peer's number.</summary>
    public long Id { get; }

    /// <summary>How messages are put on the wire.</summary>
    public IPeerTransport Transport { get; }

    /// <summary>Bytes sent.</summary>
    public TrafficCount SentTraffic { get; }

    /// <summary>Bytes received.</summary>
    public TrafficCount ReceivedTraffic { get; }

    /// <summary>Told of each message that is sent.</summary>
    public Action<string, ReadOnlyMemory<byte>>? Capture { get; set; }

    /// <summary>When something was last sent, Unix seconds; 0 for never.</summary>
    public long LastSend => Volatile.Read(ref _lastSend);

    /// <summary>When something last came in, Unix seconds; 0 for never.</summary>
    public long LastReceive => Volatile.Read(ref _lastReceive);

    /// <summary>Whether it has ended or is about to.</summary>
    public bool IsDisconnected => Volatile.Read(ref _isDisconnected) != 0;

    /// <summary>Called when it ends, before the other end can see it.</summary>
    public Action? Ending { get; set; }

    /// <summary>Whether so much waits to be sent that the peer's requests should wait too.</summary>
    public bool IsSendPaused => Volatile.Read(ref _queuedBytes) > _limits.SendBuffer;

    /// <summary>Whether a message waits.</summary>
    public bool HasMessages => !_received.IsEmpty;

    /// <summary>Takes the next message.</summary>
    public bool TryReceive(out ReceivedMessage message)
    {
        if (!_received.TryDequeue(out message))
        {
            return false;
        }

        var before = Interlocked.Add(ref _receivedBytes, -message.WireSize) + message.WireSize;
        if (before > _limits.ReceiveBuffer && before - message.WireSize <= _limits.ReceiveBuffer)
        {
            _room.Set();
        }

        return true;
    }

    /// <summary>Queues a message. The payload must not change afterwards.</summary>
    public void Send(string type, ReadOnlyMemory<byte> payload)
    {
        if (IsDisconnected)
        {
            return;
        }

        Log.Sending(_log, type, payload.Length, Id);
        Capture?.Invoke(type, payload);
        Interlocked.Add(ref _queuedBytes, payload.Length);
        _outgoing.Enqueue((type, payload));
        _toSend.Set();
    }

    /// <summary>Ends the connection; what waits to be sent is lost. Returns at once.</summary>
    public void Disconnect()
    {
        if (Interlocked.Exchange(ref _isDisconnected, 1) == 0)
        {
            _end.TrySetResult();
            _wake();
        }
    }

    /// <summary>Reads and writes until the connection ends, from either side.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenSource stop = new();
        var reading = ReadLoopAsync(stop.Token);
        var writing = WriteLoopAsync(stop.Token);
        await Task.WhenAny(reading, writing, _end.Task).ConfigureAwait(false);
        Disconnect();
        Ending?.Invoke();
        await stop.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        Log.Disconnecting(_log, Id);
        _wake();
    }

    private async Task ReadLoopAsync(CancellationToken ct)
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: ReadSize, leaveOpen: true));
        var left = 0L;
        try
        {
            while (true)
            {
                while (Volatile.Read(ref _receivedBytes) > _limits.ReceiveBuffer)
                {
                    await _room.WaitAsync(ct).ConfigureAwait(false);
                }

                var result = await reader.ReadAsync(ct).ConfigureAwait(false);
                var buffer = result.Buffer;
                ReceivedTraffic.Add(buffer.Length - left);
                _totals.AddReceived(buffer.Length - left);
                if (!Take(ref buffer))
                {
                    return;
                }

                left = buffer.Length;
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    Log.SocketClosed(_log, Id);
                    return;
                }
            }
        }
        catch (Exception e) when (IsEndOfStream(e))
        {
            if (e is IOException && !IsDisconnected)
            {
                Log.ReceiveFailed(_log, Id, e.Message);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    // All whole messages in the buffer; false when the peer does not speak the protocol.
    private bool Take(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length > 0)
        {
            Volatile.Write(ref _lastReceive, _clock.UnixSeconds);
        }

        while (true)
        {
            var status = Transport.Read(ref buffer, out var message, out var fault);
            if (fault is not null)
            {
                Log.Fault(_log, fault, Id);
            }

            if (status is TransportStatus.Message or TransportStatus.Rejected)
            {
                ReceivedTraffic.Assign(MessageTypes.All.Contains(message.Type) ? message.Type : MessageTypes.Other, message.WireSize);
            }

            if (status == TransportStatus.Message)
            {
                Interlocked.Add(ref _receivedBytes, message.WireSize);
                _received.Enqueue(message with { TimeUs = _clock.UnixMicroseconds });
                _wake();
            }
            else if (status != TransportStatus.Rejected)
            {
                if (Transport.HasOwn || !_outgoing.IsEmpty)
                {
                    _toSend.Set(); // also what could not be sent before the transport had read this
                }

                return status == TransportStatus.Incomplete;
            }
        }
    }

    private async Task WriteLoopAsync(CancellationToken ct)
    {
        ArrayBufferWriter<byte> output = new(ReadSize);
        try
        {
            while (true)
            {
                Transport.WriteOwn(output); // of no kind of message, as in dashd
                while (output.WrittenCount < ReadSize && _outgoing.TryPeek(out var next))
                {
                    var start = output.WrittenCount;
                    if (!Transport.TryWrite(next.Type, next.Payload, output))
                    {
                        break;
                    }

                    _outgoing.TryDequeue(out _);
                    SentTraffic.Assign(next.Type, output.WrittenCount - start);
                    var left = Interlocked.Add(ref _queuedBytes, -next.Payload.Length);
                    if (left <= _limits.SendBuffer && left + next.Payload.Length > _limits.SendBuffer)
                    {
                        _wake(); // whoever saw it full sees room from here on, however often it fills meanwhile
                    }
                }

                if (output.WrittenCount > 0)
                {
                    await _stream.WriteAsync(output.WrittenMemory, ct).ConfigureAwait(false);
                    Volatile.Write(ref _lastSend, _clock.UnixSeconds);
                    SentTraffic.Add(output.WrittenCount);
                    _totals.AddSent(output.WrittenCount);
                    output.ResetWrittenCount();
                }
                else
                {
                    await _toSend.WaitAsync(ct).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (IsEndOfStream(e))
        {
            if (e is IOException && !IsDisconnected)
            {
                Log.SendFailed(_log, Id, e.Message);
            }
        }
    }

    private static bool IsEndOfStream(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
