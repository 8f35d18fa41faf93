using System.Buffers;
using Dash.Common.Time;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Sync;

public sealed class SlowReaderTests
{
    private const int Asked = 3000;

    /// <summary>It asked for more than fits, and reads nothing: the loop has nothing to do at once, and rests as without it.</summary>
    [Fact]
    public async Task A_peer_that_does_not_read_its_blocks_keeps_nobody_busy_and_gets_them_when_it_does()
    {
        await using NetworkNode server = new("-maxsendbuffer=1");
        await using NetworkNode asking = new();
        await server.Node.Mine(3);
        GatedStream? gate = null;
        await asking.Connect(server, wrap: stream => gate = new GatedStream(stream));
        await asking.Reaches(server);
        var before = Blocks();
        gate!.Hold(); // made by connecting
        InventoryItem block = new(InventoryKind.Block, server.Node.Tip.Hash.Value);
        asking.Peer.Send(MessageTypes.GetData, InventoryItem.WriteAll([.. Enumerable.Repeat(block, Asked)]));
        await NetworkNode.Until(() => server.Peer.Connection.IsSendPaused && server.Peer.Sync.Requests.Count > 0, "the answers to fill what may wait");

        var (turns, rests) = (server.Network.Messages.Turns, server.Network.Messages.Rests);
        await NetworkNode.Until(
            () => server.Network.Messages.Turns > turns + 3 && server.Network.Messages.Rests > rests + 1, "the loop to rest");
        var waiting = server.Peer.Sync.Requests.Count; // the loop's, so that only its number can be looked at
        Assert.InRange(waiting, 1, Asked);

        gate.Open();
        var each = V1Transport.HeaderSize + server.Node.Chainstate.Archive.ReadData(server.Node.Tip).Length;
        await NetworkNode.Until(() => Blocks() == before + ((long)Asked * each), "all blocks");
        await NetworkNode.Until(() => server.Peer.Sync.Requests.Count == 0, "nothing to wait any more");

        long Blocks() => asking.Peer.Connection.ReceivedTraffic.ByType().Where(static entry => entry.Key == MessageTypes.Block).Sum(static entry => entry.Value);
    }

    /// <summary>The queue fills up and empties between two looks of the writer: whoever saw it full hears of the room.</summary>
    [Fact]
    public async Task Room_that_comes_at_once_is_told_of()
    {
        TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Filling transport = new();
        var (ours, theirs) = MemoryStreamPair.Create();
        PeerConnection connection = new(
            1, ours, transport, new ConnectionLimits(1000, 1000), new NetTotals(new UploadTarget(0, new Clock())), new Clock(), NullLogger.Instance, () => woken.TrySetResult());
        transport.WhileWriting = () =>
        {
            connection.Send("second", new byte[1001]);
            transport.WasFull = connection.IsSendPaused;
        };
        var running = connection.RunAsync();

        connection.Send("first", new byte[1]);

        await NetworkNode.Until(() => woken.Task.IsCompleted, "somebody to be told");
        Assert.True(transport.WasFull);
        connection.Disconnect();
        await running;
        await theirs.DisposeAsync();
    }

    // Reads only while it is open.
    private sealed class GatedStream(Stream inner) : Stream
    {
        private volatile TaskCompletionSource _open = Opened();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Hold() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            await _open.Task.WaitAsync(cancellationToken);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        private static TaskCompletionSource Opened()
        {
            TaskCompletionSource open = new();
            open.SetResult();
            return open;
        }
    }

    // Sends something more while the first message is put on the wire.
    private sealed class Filling : IPeerTransport
    {
        public Action? WhileWriting { get; set; }

        public bool WasFull { get; set; }

        public TransportProtocol Protocol => TransportProtocol.V1;

        public string SessionId => "";

        public bool ShouldRetryWithV1 => false;

        public bool HasOwn => false;

        public TransportStatus Read(ref ReadOnlySequence<byte> input, out ReceivedMessage message, out string? fault)
        {
            message = default;
            fault = null;
            return TransportStatus.Incomplete;
        }

        public bool TryWrite(string type, ReadOnlyMemory<byte> payload, IBufferWriter<byte> output)
        {
            if (type == "first")
            {
                WhileWriting?.Invoke();
            }

            output.Write(payload.Span);
            return true;
        }

        public void WriteOwn(IBufferWriter<byte> output)
        {
        }
    }
}
