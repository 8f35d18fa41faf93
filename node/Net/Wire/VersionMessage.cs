using Dash.Node.Net.Addresses;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Wire;

/// <summary>The first message of each side: who it is and what it wants.</summary>
internal sealed record VersionMessage
{
    /// <summary>The newest protocol it speaks.</summary>
    public required int Version { get; init; }

    /// <summary>What it offers.</summary>
    public required ServiceFlags Services { get; init; }

    /// <summary>Its time, seconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>What it takes the receiver to offer.</summary>
    public ServiceFlags ReceiverServices { get; init; }

    /// <summary>Where it sees the receiver.</summary>
    public NetEndpoint Receiver { get; init; } = NetEndpoint.None;

    /// <summary>By which a node finds out that it speaks to itself.</summary>
    public ulong Nonce { get; init; } = 1;

    /// <summary>Name and version of the program.</summary>
    public string Subversion { get; init; } = "";

    /// <summary>Height of its chain; -1 if it does not say.</summary>
    public int StartingHeight { get; init; } = -1;

    /// <summary>Whether it wants to hear of transactions.</summary>
    public bool RelaysTransactions { get; init; } = true;

    /// <summary>What a masternode must sign to be believed.</summary>
    public Uint256 MasternodeChallenge { get; init; }

    /// <summary>Whether it is a masternode that connects to one.</summary>
    public bool IsMasternodeConnection { get; init; }

    /// <summary>Reads the first fields, which decide whether the rest is worth reading, and the rest.</summary>
    /// <exception cref="EncodingException">It ends early or is malformed.</exception>
    public static VersionMessage Parse(ReadOnlySpan<byte> payload)
    {
        SpanReader reader = new(payload);
        VersionMessage message = new()
        {
            Version = reader.ReadInt32(),
            Services = (ServiceFlags)reader.ReadUInt64(),
            Time = Math.Max(0, reader.ReadInt64()),
            ReceiverServices = (ServiceFlags)reader.ReadUInt64(),
            Receiver = AddressCodec.ReadLegacy(ref reader),
        };
        if (!reader.IsAtEnd)
        {
            reader.Skip(26); // the sender's services and address, which mean nothing
            message = message with { Nonce = reader.ReadUInt64() };
        }

        if (!reader.IsAtEnd)
        {
            message = message with { Subversion = NetText.Sanitize(ReadSubversion(ref reader)) };
        }

        if (!reader.IsAtEnd)
        {
            message = message with { StartingHeight = reader.ReadInt32() };
        }

        if (!reader.IsAtEnd)
        {
            message = message with { RelaysTransactions = reader.ReadBool() };
        }

        if (!reader.IsAtEnd)
        {
            message = message with { MasternodeChallenge = reader.ReadUint256() };
        }

        return reader.IsAtEnd ? message : message with { IsMasternodeConnection = reader.ReadBool() };
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        ByteWriter writer = new();
        writer.WriteInt32(Version);
        writer.WriteUInt64((ulong)Services);
        writer.WriteInt64(Time);
        writer.WriteUInt64((ulong)ReceiverServices);
        AddressCodec.WriteLegacy(writer, Receiver);
        writer.WriteUInt64((ulong)Services);
        AddressCodec.WriteLegacy(writer, NetEndpoint.None);
        writer.WriteUInt64(Nonce);
        writer.WriteString(Subversion);
        writer.WriteInt32(StartingHeight);
        writer.WriteBool(RelaysTransactions);
        writer.WriteUint256(MasternodeChallenge);
        writer.WriteBool(IsMasternodeConnection);
        return writer.ToArray();
    }

    private static string ReadSubversion(ref SpanReader reader)
    {
        var length = reader.ReadCompactSize();
        return length <= NetLimits.MaxSubversion
            ? System.Text.Encoding.Latin1.GetString(reader.ReadBytes(length))
            : throw new EncodingException("String length limit exceeded");
    }
}
