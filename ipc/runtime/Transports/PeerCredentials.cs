using System.Buffers.Binary;
using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>Which process and user holds the other end of a unix socket, as the kernel says.</summary>
/// <param name="ProcessId">The process that connected, or that listens.</param>
/// <param name="UserId">Its effective user when it did so.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId)
{
    private const int SolSocket = 1;
    private const int PeerCredentialsOption = 17;

    /// <summary>Asks the kernel about the other end of <paramref name="socket"/>.</summary>
    /// <exception cref="SocketException">The socket isn't a connected unix socket.</exception>
    /// <exception cref="PlatformNotSupportedException">The system isn't Linux.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Peer credentials of unix sockets are read on Linux only.");
        }

        Span<byte> credentials = stackalloc byte[12]; // struct ucred: pid, uid, gid
        socket.GetRawSocketOption(SolSocket, PeerCredentialsOption, credentials);
        return new PeerCredentials(
            BinaryPrimitives.ReadInt32LittleEndian(credentials),
            BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]));
    }

    /// <summary>
    /// Refuses the other end unless it runs as the user of this process: whoever may call our objects may spend.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">Another user holds the other end.</exception>
    internal static PeerCredentials RequireSameUser(Socket socket)
    {
        var peer = Of(socket);
        var own = LibC.GetEffectiveUserId();
        return peer.UserId == own
            ? peer
            : throw new UnauthorizedAccessException($"IPC peer pid {peer.ProcessId} runs as uid {peer.UserId}, expected uid {own}");
    }
}
