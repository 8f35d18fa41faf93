namespace Dash.Common.Zmq;

/// <summary>A bound socket that sends to all who subscribed. For one thread at a time.</summary>
internal sealed class ZmqSocket : IDisposable
{
    private nint _socket;

    private ZmqSocket(nint socket) => _socket = socket;

    /// <summary>Opens a socket.</summary>
    /// <returns>Null when the library refuses; <paramref name="error"/> says why.</returns>
    public static ZmqSocket? Open(nint context, string address, int highWaterMark, out string error)
    {
        error = "";
        var socket = ZmqLibrary.NewSocket(context, ZmqLibrary.Publisher);
        if (socket == 0)
        {
            error = "Error: Failed to create socket: " + ZmqLibrary.Explain();
            return null;
        }

        var fault = !ZmqLibrary.TrySet(socket, ZmqLibrary.SendHighWaterMark, highWaterMark) ? "Failed to set outbound message high water mark"
            : !ZmqLibrary.TrySet(socket, ZmqLibrary.TcpKeepAlive, 1) ? "Failed to set SO_KEEPALIVE"
            : !ZmqLibrary.TrySet(socket, ZmqLibrary.Ipv6, IsIpv6(address) ? 1 : 0) ? "Failed to set ZMQ_IPV6"
            : ZmqLibrary.Bind(socket, address) != 0 ? "Failed to bind address"
            : null;
        if (fault is null)
        {
            return new ZmqSocket(socket);
        }

        error = $"Error: {fault}: {ZmqLibrary.Explain()}";
        _ = ZmqLibrary.CloseSocket(socket);
        return null;
    }

    /// <summary>An address in libzmq's words, which has a name of its own for sockets of the file system.</summary>
    public static string ForLibrary(string address)
    {
        const string ours = "unix:";
        return address.StartsWith(ours, StringComparison.Ordinal) ? "ipc://" + address[ours.Length..] : address;
    }

    /// <summary>Sends a message of three parts; false when the library fails.</summary>
    public bool TrySend(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> body, ReadOnlySpan<byte> number) =>
        ZmqLibrary.Send(_socket, topic, (nuint)topic.Length, ZmqLibrary.SendMore) >= 0
        && ZmqLibrary.Send(_socket, body, (nuint)body.Length, ZmqLibrary.SendMore) >= 0
        && ZmqLibrary.Send(_socket, number, (nuint)number.Length, 0) >= 0;

    /// <summary>Closes it; what was not sent yet is dropped.</summary>
    public void Dispose()
    {
        if (_socket != 0)
        {
            ZmqLibrary.TrySet(_socket, ZmqLibrary.Linger, 0);
            _ = ZmqLibrary.CloseSocket(_socket);
            _socket = 0;
        }
    }

    // tcp://[::1]:28332
    private static bool IsIpv6(string address)
    {
        const string tcp = "tcp://";
        var end = address.LastIndexOf(':');
        return address.StartsWith(tcp, StringComparison.Ordinal)
            && end > tcp.Length
            && address[tcp.Length..end].Contains(':');
    }
}
