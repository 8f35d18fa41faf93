namespace Dash.Ipc.Transports;

/// <summary>A unix socket of this machine.</summary>
/// <param name="SocketPath">Its file, absolute; of any length.</param>
public sealed record UnixAddress(string SocketPath) : IpcAddress
{
    /// <summary>The form an option takes.</summary>
    public override string ToString() => $"unix:{SocketPath}";
}
