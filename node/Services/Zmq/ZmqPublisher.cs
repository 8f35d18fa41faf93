using System.Buffers.Binary;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Common.Zmq;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services.Zmq;

/// <summary>
/// Publishes what happens to chain and mempool through libzmq. Messages are numbered by topic, so that a subscriber sees
/// when he missed one; nobody waits for subscribers.
/// </summary>
internal sealed class ZmqPublisher : IDisposable
{
    private readonly Chainstate _chainstate;
    private readonly EventStream<ChainEvent>.Reader _reader;
    private readonly ILogger _log;
    private readonly List<Notifier> _notifiers = [];
    private readonly Dictionary<string, ZmqSocket> _sockets = [];
    private nint _context;

    private ZmqPublisher(Chainstate chainstate, ILogger log)
    {
        _chainstate = chainstate;
        _reader = chainstate.Events.Subscribe();
        _log = log;
    }

    /// <summary>What is published. Any thread.</summary>
    public IReadOnlyList<ZmqTopic> Topics { get; private set; } = [];

    /// <summary>Opens the sockets of some topics.</summary>
    /// <returns>Null when there are none, or one of them can't be opened, which is logged.</returns>
    public static ZmqPublisher? Open(IReadOnlyList<ZmqTopic> topics, Chainstate chainstate, ILoggerFactory logs)
    {
        if (topics.Count == 0)
        {
            return null;
        }

        var log = logs.CreateLogger(LogCategory.Zmq);
        ZmqPublisher publisher = new(chainstate, log);
        try
        {
            if (publisher.TryOpen(topics))
            {
                return publisher;
            }
        }
        catch (DllNotFoundException e)
        {
            Log.ZmqMissing(log, e.Message);
        }

        publisher.Dispose();
        return null;
    }

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (await _reader.ReadAsync(ct) is { } item)
        {
            if (item.IsLagged)
            {
                // Numbers of topics go on, so subscribers can't see this loss; it takes a thousand events at once.
                Log.ZmqLagged(_log, item.Sequence);
                continue;
            }

            Publish(item.Event!); // an item that did not lag has one
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _sockets.Clear();
        if (_context != 0)
        {
            _ = ZmqLibrary.EndContext(_context);
            _context = 0;
        }
    }

    private bool TryOpen(IReadOnlyList<ZmqTopic> topics)
    {
        ZmqLibrary.Version(out var major, out var minor, out var patch);
        Log.ZmqVersion(_log, major, minor, patch);
        _context = ZmqLibrary.NewContext();
        if (_context == 0)
        {
            var error = "Error: Unable to initialize context: " + ZmqLibrary.Explain();
            Log.ZmqFailed(_log, error);
            return false;
        }

        foreach (var topic in topics)
        {
            if (!_sockets.TryGetValue(topic.Address, out var socket))
            {
                socket = ZmqSocket.Open(_context, topic.Address, topic.HighWaterMark, out var fault);
                if (socket is null)
                {
                    Log.ZmqFailed(_log, fault);
                    Log.ZmqNotReady(_log, topic.Type, topic.Address);
                    return false;
                }

                _sockets.Add(topic.Address, socket);
            }
            else
            {
                Log.ZmqReused(_log, topic.Address);
            }

            Log.ZmqHighWaterMark(_log, topic.Type, topic.Address, topic.HighWaterMark);
            Log.ZmqReady(_log, topic.Type, topic.Address);
            _notifiers.Add(new Notifier(topic, socket));
        }

        Topics = [.. topics];
        return true;
    }

    private void Publish(ChainEvent news)
    {
        switch (news)
        {
            case ChainEvent.BlockConnected connected:
                PublishTransactions(connected.Block.Transactions);
                Send(ZmqTopicKind.Sequence, () => Label(connected.Node.Hash.Value, 'C'));
                if (connected.IsNewTip)
                {
                    PublishTip(connected.Node, connected.Data);
                }

                break;
            case ChainEvent.BlockDisconnected disconnected:
                PublishTransactions(disconnected.Block.Transactions);
                Send(ZmqTopicKind.Sequence, () => Label(disconnected.Node.Hash.Value, 'D'));
                if (disconnected is { IsNewTip: true, Node.Previous: { } tip })
                {
                    PublishTip(tip, data: null);
                }

                break;
            case ChainEvent.TransactionAdded added:
                PublishTransactions([added.Transaction]);
                Send(ZmqTopicKind.Sequence, () => Label(added.Transaction.Txid.Value, 'A', added.Change));
                break;
            case ChainEvent.TransactionRemoved removed:
                Send(ZmqTopicKind.Sequence, () => Label(removed.Transaction.Txid.Value, 'R', removed.Change));
                break;
        }
    }

    private void PublishTip(BlockNode tip, ReadOnlyMemory<byte>? data)
    {
        if (_chainstate.IsInitialBlockDownload)
        {
            return;
        }

        Send(ZmqTopicKind.HashBlock, () => Display(tip.Hash.Value));
        if (data is not null || tip.HasData)
        {
            Send(ZmqTopicKind.RawBlock, () => data ?? _chainstate.Archive.ReadData(tip));
        }
    }

    private void PublishTransactions(IEnumerable<Transaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            Send(ZmqTopicKind.HashTransaction, () => Display(transaction.Txid.Value));
            Send(ZmqTopicKind.RawTransaction, () => transaction.ToBytes());
        }
    }

    private void Send(ZmqTopicKind kind, Func<ReadOnlyMemory<byte>> makeBody)
    {
        ReadOnlyMemory<byte>? body = null;
        for (var i = _notifiers.Count - 1; i >= 0; i--)
        {
            if (_notifiers[i].Topic.Kind == kind && !_notifiers[i].TrySend((body ??= makeBody()).Span))
            {
                var error = "Error: Unable to send ZMQ msg: " + ZmqLibrary.Explain();
                Log.ZmqFailed(_log, error);
                _notifiers.RemoveAt(i);
                Topics = [.. _notifiers.Select(static notifier => notifier.Topic)];
            }
        }
    }

    private static byte[] Display(Uint256 hash)
    {
        var bytes = hash.ToArray();
        Array.Reverse(bytes);
        return bytes;
    }

    private static byte[] Label(Uint256 hash, char what) => [.. Display(hash), (byte)what];

    private static byte[] Label(Uint256 hash, char what, ulong change)
    {
        var number = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, change);
        return [.. Label(hash, what), .. number];
    }

    private sealed class Notifier(ZmqTopic topic, ZmqSocket socket)
    {
        private readonly byte[] _name = Encoding.ASCII.GetBytes(topic.Name);
        private uint _next;

        public ZmqTopic Topic => topic;

        public bool TrySend(ReadOnlySpan<byte> body)
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(number, _next++);
            return socket.TrySend(_name, body, number);
        }
    }
}
