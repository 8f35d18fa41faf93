using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Dash.Functional.Framework;

/// <summary>
/// Loopback ports that nobody listens on at the moment of asking. They are below those the system gives to outgoing connections
/// and to who asks for any: between asking and listening, and while a daemon is down, nobody else comes by one of them.
/// </summary>
public static class Ports
{
    private const int First = 20_000; // above the networks' own
    private const int Last = 32_000;

    private static readonly Lock Gate = new();   // protects the one below
    private static int _next = RandomNumberGenerator.GetInt32(First, Last); // another run of the tests begins elsewhere

    public static int Free()
    {
        lock (Gate)
        {
            for (var tried = First; tried < Last; tried++)
            {
                var port = _next;
                _next = port + 1 < Last ? port + 1 : First;
                if (IsFree(port)) return port;
            }

            throw new InvalidOperationException("no port is free");
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
