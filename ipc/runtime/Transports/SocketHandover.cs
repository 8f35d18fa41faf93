using System.Buffers.Binary;
using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>
/// How a process on Windows gives a socket to its child: a message in a pipe.
/// <code>
/// u32 options (SocketInformationOptions) | u32 size | WSAPROTOCOL_INFOW, of that size
/// </code>
/// </summary>
internal static class SocketHandover
{
    private const int Header = 8;

    /// <summary>WSAPROTOCOL_INFOW has 628 bytes; more is no such thing.</summary>
    private const int MaxSize = 4096;

    /// <summary>Writes what <see cref="Socket.DuplicateAndClose"/> gave.</summary>
    internal static void Write(Stream stream, SocketInformation socket)
    {
        var message = new byte[Header + socket.ProtocolInformation.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)socket.Options);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), socket.ProtocolInformation.Length);
        socket.ProtocolInformation.CopyTo(message, Header);
        stream.Write(message);
        stream.Flush();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Something else comes out of the stream, or it ends.</exception>
    internal static SocketInformation Read(Stream stream)
    {
        try
        {
            Span<byte> header = stackalloc byte[Header];
            stream.ReadExactly(header);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (size is 0 or > MaxSize)
            {
                throw new FormatException("what the parent process sent is no socket");
            }

            var information = new byte[size];
            stream.ReadExactly(information);
            return new SocketInformation
            {
                Options = (SocketInformationOptions)BinaryPrimitives.ReadUInt32LittleEndian(header),
                ProtocolInformation = information,
            };
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("the parent process sent no socket", e);
        }
    }
}
