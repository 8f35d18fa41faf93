using System.Net;

namespace Dash.Functional.Framework;

/// <summary>How a bare peer introduces itself.</summary>
public sealed record RawGreeting
{
    /// <summary>The newest protocol.</summary>
    public const int NewestVersion = 70240;

    public int Version { get; init; } = NewestVersion;

    /// <summary>Blocks and compressed headers, unless a test says otherwise.</summary>
    public ulong Services { get; init; } = 1 | 0x800;

    /// <summary>Whether it wants to hear of transactions.</summary>
    public bool Relays { get; init; } = true;

    /// <summary>Where it says that it sees the node.</summary>
    public IPEndPoint? SeesAt { get; init; }

    /// <summary>The version message.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream buffer = new();
        using BinaryWriter writer = new(buffer);
        writer.Write(Version);
        writer.Write(Services);
        writer.Write(DateTimeOffset.UnixEpoch.ToUnixTimeSeconds());
        writer.Write(0UL);
        writer.Write(SeesAt is { } seen ? seen.Address.MapToIPv6().GetAddressBytes() : new byte[16]);
        writer.Write((byte)((SeesAt?.Port ?? 0) >> 8));
        writer.Write((byte)(SeesAt?.Port ?? 0));
        writer.Write(0UL);
        writer.Write(new byte[18]);
        writer.Write((ulong)Environment.TickCount64);
        writer.Write((byte)5);
        writer.Write("/raw/"u8);
        writer.Write(0);
        writer.Write(Relays);
        writer.Write(new byte[32]);
        writer.Write(false);
        return buffer.ToArray();
    }
}
