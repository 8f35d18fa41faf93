using System.Buffers;
using System.Buffers.Binary;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Wire;

/// <summary>
/// Version 1 of the transport: each message has a header.
/// <code>
/// 0   4  bytes of the network
/// 4  12  name, padded with zeros
/// 16  4  length of the contents
/// 20  4  start of the contents' double SHA-256
/// </code>
/// </summary>
/// <param name="magic">The network's four bytes.</param>
internal sealed class V1Transport(ReadOnlyMemory<byte> magic) : IPeerTransport
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderSize = 24;

    private const int NameSize = 12;
    private const int ChecksumSize = 4;

    /// <inheritdoc/>
    public TransportProtocol Protocol => TransportProtocol.V1;

    /// <inheritdoc/>
    public string SessionId => "";

    /// <inheritdoc/>
    public bool ShouldRetryWithV1 => false;

    /// <inheritdoc/>
    public TransportStatus Read(ref ReadOnlySequence<byte> input, out ReceivedMessage message, out string? fault)
    {
        message = default;
        fault = null;
        if (input.Length < HeaderSize)
        {
            return TransportStatus.Incomplete;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        input.Slice(0, HeaderSize).CopyTo(header);
        if (!header.StartsWith(magic.Span))
        {
            fault = $"Header error: Wrong MessageStart {Hex.Encode(header[..4])} received";
            return TransportStatus.Failed;
        }

        var name = header.Slice(4, NameSize);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        if (size > NetLimits.MaxMessage)
        {
            fault = $"Header error: Size too large ({NetText.Sanitize(NameOf(name))}, {size} bytes)";
            return TransportStatus.Failed;
        }

        if (input.Length < HeaderSize + size)
        {
            return TransportStatus.Incomplete;
        }

        var payload = input.Slice(HeaderSize, size).ToArray();
        input = input.Slice(HeaderSize + size);
        message = new ReceivedMessage(NameOf(name), payload, HeaderSize + (int)size);
        fault = Check(name, header[20..], payload);
        return fault is null ? TransportStatus.Message : TransportStatus.Rejected;
    }

    /// <inheritdoc/>
    public bool TryWrite(string type, ReadOnlyMemory<byte> payload, IBufferWriter<byte> output)
    {
        var header = output.GetSpan(HeaderSize)[..HeaderSize];
        header.Clear();
        magic.Span.CopyTo(header);
        System.Text.Encoding.ASCII.GetBytes(type, header.Slice(4, NameSize));
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)payload.Length);
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256d(payload.Span, digest);
        digest[..ChecksumSize].CopyTo(header[20..]);
        output.Advance(HeaderSize);
        output.Write(payload.Span);
        return true;
    }

    /// <inheritdoc/>
    public bool HasOwn => false;

    /// <inheritdoc/>
    public void WriteOwn(IBufferWriter<byte> output)
    {
        // Nothing is said beside the messages.
    }

    private static string? Check(ReadOnlySpan<byte> name, ReadOnlySpan<byte> checksum, ReadOnlySpan<byte> payload)
    {
        Span<byte> digest = stackalloc byte[Uint256.Size];
        Hashes.Sha256d(payload, digest);
        if (!digest.StartsWith(checksum[..ChecksumSize]))
        {
            return $"Header error: Wrong checksum ({NetText.Sanitize(NameOf(name))}, {payload.Length} bytes), "
                + $"expected {Hex.Encode(digest[..ChecksumSize])} was {Hex.Encode(checksum[..ChecksumSize])}";
        }

        return IsValid(name) ? null : $"Header error: Invalid message type ({NetText.Sanitize(NameOf(name))}, {payload.Length} bytes)";
    }

    // Printable characters, then zeros only.
    private static bool IsValid(ReadOnlySpan<byte> name)
    {
        var end = name.IndexOf((byte)0);
        end = end < 0 ? name.Length : end;
        return !name[..end].ContainsAnyExceptInRange((byte)' ', (byte)0x7e) && !name[end..].ContainsAnyExcept((byte)0);
    }

    private static string NameOf(ReadOnlySpan<byte> name)
    {
        var end = name.IndexOf((byte)0);
        return System.Text.Encoding.Latin1.GetString(end < 0 ? name : name[..end]);
    }
}
