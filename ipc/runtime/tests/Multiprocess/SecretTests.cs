using System.Buffers;
using System.IO.Pipelines;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

/// <summary>Passphrases that travelled are not left in the memory that messages were built, sent or received in.</summary>
public sealed class SecretTests
{
    private static readonly byte[] Secret = "correct horse battery staple"u8.ToArray();

    private static readonly ProxyMethod Tell = new(0x77, 1, "Vault", "tell", 0, 1, 0, 1, -1)
    {
        Params = [new("passphrase", ProxyFieldKind.Secret, 0)],
        Results = [new("key", ProxyFieldKind.Secret, 0)],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_with_secrets_are_wiped_at_both_ends_once_they_were_read()
    {
        var (one, two) = MemoryTransport.CreatePair();
        VaultServer? vault = null;
        await using var server = ProxyConnection.Open(one, own => vault = new VaultServer(own), new IpcOptions());
        await using var client = ProxyConnection.Open(two, null, new IpcOptions());
        await using var remote = await client.BootstrapAsync(static (cap, own) => new VaultClient(cap, own), Ct);

        var answer = await remote.TellAsync(Secret, Ct);
        Assert.True(remote.WasSeen);
        Assert.Equal(new byte[Secret.Length], answer.ToArray()); // the response's own memory
        await Eventually.Holds("the request is wiped", () => vault!.Received.Span.IndexOfAnyExcept((byte)0) < 0 ? null : "not yet");
    }

    [Fact]
    public async Task Receive_buffers_are_wiped_when_a_message_was_taken_out()
    {
        using KeepingPool pool = new();
        Pipe incoming = new(new PipeOptions(pool, useSynchronizationContext: false));
        Pipe outgoing = new();
        await using (ProxyConnection.Open(new PipeTransport(incoming, outgoing), own => new VaultServer(own), new IpcOptions()))
        {
            using MessageBuilder message = new();
            message.Root.InitStruct(1, 1).GetPointer(0).SetData(Secret);
            await incoming.Writer.WriteAsync(message.ToFrame(), Ct);
            Assert.True((await outgoing.Reader.ReadAsync(Ct)).Buffer.Length > 0); // it was handled
            await incoming.Writer.CompleteAsync();
        }

        Assert.NotEmpty(pool.Rented);
        Assert.All(pool.Rented, buffer => Assert.Equal(-1, buffer.AsSpan().IndexOf(Secret)));
    }

    [Fact]
    public async Task Send_buffers_are_wiped_when_they_were_sent()
    {
        using MemoryStream stream = new();
        WipingPipeWriter writer = new(stream);
        foreach (var size in (int[])[10, 100_000, 2_000_000, 5])
        {
            var memory = writer.GetMemory(size);
            Secret.CopyTo(memory);
            writer.Advance(size);
            writer.MarkSecret();
            Assert.Equal(size, writer.UnflushedBytes);
            await writer.FlushAsync(Ct);
            Assert.Equal(0, writer.UnflushedBytes);
            Assert.Equal(-1, memory.Span[..size].IndexOfAnyExcept((byte)0));
        }

        Assert.Equal(10 + 100_000 + 2_000_000 + 5, stream.Length);
    }

    [Fact]
    public async Task What_is_written_directly_follows_what_was_gathered()
    {
        using MemoryStream stream = new();
        WipingPipeWriter writer = new(stream);
        writer.Write("one "u8);
        await writer.WriteAsync("two "u8.ToArray(), Ct);
        writer.Write("three"u8);
        await writer.FlushAsync(Ct);
        Assert.Equal("one two three"u8, stream.ToArray());
    }

    [Fact]
    public void Built_messages_are_wiped_when_they_are_let_go()
    {
        MessageBuilder message = new();
        message.Root.SetData(Secret);
        var buffer = message.SegmentAt(0).Buffer;
        Assert.NotEqual(-1, buffer.AsSpan().IndexOf(Secret));
        message.Dispose();
        Assert.Equal(-1, buffer.AsSpan().IndexOf(Secret));
    }

    private sealed class VaultServer(ProxyConnection connection) : ProxyServer(new object(), connection)
    {
        internal ReadOnlyMemory<byte> Received { get; private set; }

        protected override ProxyMethod? FindMethod(ulong interfaceId, ushort methodId) => interfaceId == Tell.InterfaceId ? Tell : null;

        protected override ValueTask DispatchAsync(ulong interfaceId, ushort methodId, ProxyCall call, CancellationToken ct)
        {
            Received = call.Params.GetPointer(0).GetData();
            call.InitResults(0, 1).GetPointer(0).SetData(Received.Span);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class VaultClient(Capability target, ProxyConnection connection) : ProxyClient(target, connection, null)
    {
        internal bool WasSeen { get; private set; }

        internal ValueTask<ReadOnlyMemory<byte>> TellAsync(byte[] passphrase, CancellationToken ct) => CallAsync(
            Tell,
            passphrase,
            static (fields, args, _) => fields.GetPointer(0).SetData(args),
            (fields, _) =>
            {
                var key = fields.GetPointer(0).GetData();
                WasSeen = key.Span.SequenceEqual(Secret);
                return key;
            },
            ct);
    }

    private sealed class PipeTransport(Pipe incoming, Pipe outgoing) : Transport
    {
        public override PipeReader Input => incoming.Reader;

        public override PipeWriter Output => outgoing.Writer;

        public override string Peer => "pipes";

        public override ValueTask CompleteOutputAsync() => outgoing.Writer.CompleteAsync();

        public override async ValueTask DisposeAsync()
        {
            await outgoing.Writer.CompleteAsync();
            await incoming.Reader.CompleteAsync();
        }
    }

    /// <summary>Never takes anything back, so that it can be looked at.</summary>
    private sealed class KeepingPool : MemoryPool<byte>
    {
        internal List<byte[]> Rented { get; } = [];

        public override int MaxBufferSize => Array.MaxLength;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            var buffer = new byte[Math.Max(minBufferSize, 4096)];
            Rented.Add(buffer);
            return new Owner(buffer);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Owner(byte[] buffer) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => buffer;

            public void Dispose()
            {
            }
        }
    }
}
