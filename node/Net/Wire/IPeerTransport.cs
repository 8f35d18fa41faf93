using System.Buffers;

namespace Dash.Node.Net.Wire;

/// <summary>
/// Turns the bytes of one connection into messages and back. Reading and writing are done by different threads, each by
/// one at a time: what they share is the implementation's to guard.
/// </summary>
internal interface IPeerTransport
{
    /// <summary>How messages are put on the wire; it may be found out while reading.</summary>
    public TransportProtocol Protocol { get; }

    /// <summary>Names the encrypted session in hex; empty when there is none.</summary>
    public string SessionId { get; }

    /// <summary>Whether the peer hung up in a way that says it speaks version 1 only.</summary>
    public bool ShouldRetryWithV1 { get; }

    /// <summary>Whether the transport itself has something to say.</summary>
    public bool HasOwn { get; }

    /// <summary>Takes one message, or less, from the start of <paramref name="input"/>.</summary>
    /// <param name="input">What came in; afterwards what is left. Bytes that are left are given again, with more after them.</param>
    /// <param name="message">The message, if one is complete or was rejected.</param>
    /// <param name="fault">What to log when something was rejected or failed; else null.</param>
    public TransportStatus Read(ref ReadOnlySequence<byte> input, out ReceivedMessage message, out string? fault);

    /// <summary>Appends a message to what goes out.</summary>
    /// <returns>False, and nothing is appended, as long as messages can't be sent yet: it is given again later.</returns>
    public bool TryWrite(string type, ReadOnlyMemory<byte> payload, IBufferWriter<byte> output);

    /// <summary>Appends what the transport itself has to say: at the start, and after each reading.</summary>
    public void WriteOwn(IBufferWriter<byte> output);
}
