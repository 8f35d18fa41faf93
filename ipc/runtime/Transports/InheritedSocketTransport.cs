using System.Globalization;
using System.Net.Sockets;

namespace Dash.Ipc.Transports;

/// <summary>
/// The end of a socket pair that a parent process left open for its child and named by <c>-ipcfd</c>.
/// </summary>
public sealed class InheritedSocketTransport : SocketTransport
{
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    private InheritedSocketTransport(Socket socket)
        : base(socket, "inherited socket")
    {
    }

    /// <summary>Takes over the descriptor of that number, which must be a connected socket.</summary>
    /// <param name="text">The value of <c>-ipcfd</c>: a decimal descriptor number.</param>
    /// <exception cref="FormatException">It is no number, or no socket has that number.</exception>
    public static InheritedSocketTransport Open(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) || descriptor < 3)
        {
            throw new FormatException($"Invalid -ipcfd number '{text}'");
        }

        // Our own children must not hold it open: they would keep the parent from seeing our end.
        if (LibC.FileControl(descriptor, SetDescriptorFlags, CloseOnExec) != 0)
        {
            throw new FormatException($"Invalid -ipcfd number '{text}' (no such descriptor)");
        }

        try
        {
            return new InheritedSocketTransport(FromDescriptor(descriptor));
        }
        catch (SocketException failure)
        {
            throw new FormatException($"Invalid -ipcfd number '{text}' ({failure.Message})", failure);
        }
    }

    /// <summary>Wraps a connected stream socket that no other .NET object owns.</summary>
    internal static Socket FromDescriptor(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}
