using System.Globalization;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>
    /// Takes over the descriptor of that number, which must be a connected socket; on Windows, the socket that is described in the
    /// pipe of that number.
    /// </summary>
    /// <param name="text">The value of <c>-ipcfd</c>: a decimal number.</param>
    /// <exception cref="FormatException">It is no number, or no socket has that number.</exception>
    public static InheritedSocketTransport Open(string text)
    {
        if (OperatingSystem.IsWindows())
        {
            return OpenHandle(text);
        }

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

    [SupportedOSPlatform("windows")]
    private static InheritedSocketTransport OpenHandle(string text)
    {
        if (!nint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var handle) || handle == 0)
        {
            throw new FormatException($"Invalid -ipcfd number '{text}'");
        }

        try
        {
            using AnonymousPipeClientStream pipe = new(PipeDirection.In, new SafePipeHandle(handle, ownsHandle: true));
            return new InheritedSocketTransport(new Socket(SocketHandover.Read(pipe)));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or IOException or SocketException)
        {
            throw new FormatException($"Invalid -ipcfd number '{text}' ({failure.Message})", failure);
        }
    }

    /// <summary>Wraps a connected stream socket that no other .NET object owns.</summary>
    internal static Socket FromDescriptor(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}
