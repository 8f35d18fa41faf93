namespace Dash.Ipc.Transports;

/// <summary>Where a process listens or connects, as <c>-ipcbind</c> and <c>-ipcconnect</c> say it.</summary>
/// <param name="SocketPath">The unix socket, absolute.</param>
public sealed record IpcAddress(string SocketPath)
{
    private const string Unix = "unix";

    /// <summary>The socket's name when none is given: the node's.</summary>
    public const string DefaultSocket = "node.sock";

    /// <summary>
    /// Reads <c>unix</c> (the node's socket in the network's directory), or <c>unix:path</c>, where a relative path is inside
    /// that directory.
    /// </summary>
    /// <param name="text">The option's value.</param>
    /// <param name="directory">The network's directory, absolute.</param>
    /// <exception cref="FormatException">With Core's text for the user.</exception>
    public static IpcAddress Parse(string text, string directory)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == Unix)
        {
            return new IpcAddress(Path.Combine(directory, DefaultSocket));
        }

        return text.StartsWith(Unix + ":", StringComparison.Ordinal) && text.Length > Unix.Length + 1
            ? new IpcAddress(Path.GetFullPath(text[(Unix.Length + 1)..], directory))
            : throw new FormatException($"Unrecognized address '{text}'");
    }

    /// <summary>The form an option takes.</summary>
    public override string ToString() => $"{Unix}:{SocketPath}";
}
