using System.Buffers.Binary;
using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>Asks peers now and then whether they are there, answers when they ask, and parts from the silent.</summary>
internal sealed class Pings(NetSettings settings, Clock clock, ILoggerFactory logs) : MessageFamily
{
    private const long IntervalUs = 2 * 60 * 1_000_000;
    private const long TimeoutUs = NetLimits.TimeoutSeconds * 1_000_000L;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Ping, MessageTypes.Pong];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (message.Type == MessageTypes.Ping)
        {
            var nonce = message.Payload.Length >= 8 ? message.Payload[..8] : throw new EncodingException("end of data");
            peer.Send(MessageTypes.Pong, nonce);
        }
        else
        {
            TakePong(peer, message);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TickAsync(Peer peer, CancellationToken ct)
    {
        var now = clock.UnixMicroseconds;
        var pings = peer.Pings;
        if (settings.ChecksInactivity(peer, now / 1_000_000) && pings.Nonce != 0 && now > pings.StartUs + TimeoutUs)
        {
            Log.PingTimeout(_log, (now - pings.StartUs) / 1_000_000.0, peer.Id);
            peer.Disconnect();
            return ValueTask.CompletedTask;
        }

        if (pings.IsRequested || (pings.Nonce == 0 && now > pings.StartUs + IntervalUs))
        {
            pings.IsRequested = false;
            pings.StartUs = now;
            pings.Nonce = NewNonce();
            var payload = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(payload, pings.Nonce);
            peer.Send(MessageTypes.Ping, payload);
        }

        return ValueTask.CompletedTask;
    }

    private void TakePong(Peer peer, ReceivedMessage message)
    {
        var pings = peer.Pings;
        var size = message.Payload.Length;
        var nonce = size >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(message.Payload.Span) : 0;
        var problem =
            size < 8 ? "Short payload"
            : pings.Nonce == 0 ? "Unsolicited pong without ping"
            : nonce == pings.Nonce ? (message.TimeUs < pings.StartUs ? "Timing mishap" : null)
            : nonce == 0 ? "Nonce zero"
            : "Nonce mismatch";
        if (problem is null)
        {
            var time = message.TimeUs - pings.StartUs;
            pings.LastUs = time;
            pings.MinimumUs = Math.Min(pings.MinimumUs ?? long.MaxValue, time);
        }
        else
        {
            Log.PongProblem(_log, peer.Id, problem, pings.Nonce, nonce, size);
        }

        // What answers no ping leaves the one under way open.
        if (problem is not ("Unsolicited pong without ping" or "Nonce mismatch"))
        {
            pings.Nonce = 0;
        }
    }

    private static ulong NewNonce()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }
}
