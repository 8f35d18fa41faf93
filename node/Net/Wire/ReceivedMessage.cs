using Dash.Primitives.Encoding;

namespace Dash.Node.Net.Wire;

/// <summary>A message as it came in.</summary>
/// <param name="Type">Its name; what peers made up is held to printable characters by whoever shows it.</param>
/// <param name="Payload">Its contents.</param>
/// <param name="WireSize">Bytes it took on the wire, with what the transport adds.</param>
internal readonly record struct ReceivedMessage(string Type, ReadOnlyMemory<byte> Payload, int WireSize)
{
    /// <summary>When it was complete, in microseconds since 1970; follows the mock time.</summary>
    public long TimeUs { get; init; }

    /// <summary>A reader of the contents.</summary>
    public SpanReader Reader() => new(Payload.Span);
}
