using Dash.Ipc.Capabilities;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The node the wallets are attached to, if any. Written by whoever holds the connection, read by any thread without
/// waiting.
/// </summary>
internal sealed class AttachedNode
{
    private NodeSession? _session;
    private string _waiting = "no -ipcconnect was given";

    /// <summary>The present session, or null.</summary>
    public NodeSession? Session => Volatile.Read(ref _session);

    /// <summary>Why there is no session.</summary>
    public string Waiting => Volatile.Read(ref _waiting);

    /// <summary>The present session, for what cannot be done without a node.</summary>
    /// <exception cref="IpcException">There is none; the kind is disconnected.</exception>
    public NodeSession Require() => Session is { Disconnected.IsCancellationRequested: false } session
        ? session
        : throw new IpcException(IpcErrorKind.Disconnected, $"Not connected to a node ({Waiting})");

    /// <summary>A node is there, and it is one of ours.</summary>
    public void Attach(NodeSession session) => Volatile.Write(ref _session, session);

    /// <summary>It is gone.</summary>
    public void Detach(string reason)
    {
        Wait(reason);
        Volatile.Write(ref _session, null);
    }

    /// <summary>What is waited for.</summary>
    public void Wait(string reason) => Volatile.Write(ref _waiting, reason);
}
