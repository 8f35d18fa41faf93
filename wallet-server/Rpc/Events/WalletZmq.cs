using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.Common.Zmq;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>
/// Publishes the lines of wallets' event logs through libzmq, each once, also over restarts. Who was not listening reads what it
/// missed with <c>waitforwalletevent</c>: the number of the line is in the message.
/// </summary>
internal sealed class WalletZmq : IDisposable
{
    private readonly nint _context;
    private readonly List<ZmqSocket> _sockets = [];
    private uint _next;

    private WalletZmq(nint context) => _context = context;

    /// <summary>Opens the sockets.</summary>
    /// <param name="addresses">Where; at least one.</param>
    /// <param name="highWaterMark">Messages a subscriber may be behind before he misses some.</param>
    /// <exception cref="StartupException">One cannot be opened, or the library is missing.</exception>
    public static WalletZmq Open(IReadOnlyList<string> addresses, int highWaterMark)
    {
        WalletZmq publisher;
        try
        {
            publisher = new WalletZmq(ZmqLibrary.NewContext());
        }
        catch (DllNotFoundException e)
        {
            throw new StartupException($"-zmqpubwalletevent needs libzmq: {e.Message}", e);
        }

        try
        {
            foreach (var address in addresses)
            {
                publisher._sockets.Add(ZmqSocket.Open(publisher._context, ZmqSocket.ForLibrary(address), highWaterMark, out var error)
                    ?? throw new StartupException($"-zmqpubwalletevent={address}: {error}"));
            }

            return publisher;
        }
        catch
        {
            publisher.Dispose();
            throw;
        }
    }

    /// <summary>Publishes until it is cancelled.</summary>
    public Task RunAsync(WalletDirectory wallets, Clock clock, CancellationToken ct) =>
        new EventFollower("published", mostAtOnce: 1, Plan, clock).RunAsync(wallets, ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _sockets.Clear();
        if (_context != 0)
        {
            _ = ZmqLibrary.EndContext(_context);
        }
    }

    private IEnumerable<(long Sequence, Func<CancellationToken, Task> Work)> Plan(Wallet wallet, IReadOnlyList<LoggedEvent> lines) =>
        lines.Select(line => (line.Sequence, (Func<CancellationToken, Task>)(_ =>
        {
            Send(wallet.Name, line);
            return Task.CompletedTask;
        })));

    // One at a time, as the sockets want it.
    private void Send(string wallet, LoggedEvent line)
    {
        ArrayBufferWriter<byte> body = new(256);
        using (Utf8JsonWriter writer = new(body, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("wallet", wallet);
            writer.WritePropertyName("event");
            EventJson.Write(writer, line);
            writer.WriteEndObject();
        }

        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, _next++);
        foreach (var socket in _sockets)
        {
            _ = socket.TrySend("walletevent"u8, body.WrittenSpan, number);
        }
    }
}
