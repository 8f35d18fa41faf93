using System.Net;
using System.Net.Sockets;

namespace Dash.Functional.Framework;

/// <summary>Loopback ports that nobody listens on at the moment of asking.</summary>
public static class Ports
{
    private static readonly Lock Gate = new();   // protects Given
    private static readonly HashSet<int> Given = [];

    public static int Free()
    {
        lock (Gate)
        {
            while (true)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                if (Given.Add(port)) return port;
            }
        }
    }
}
