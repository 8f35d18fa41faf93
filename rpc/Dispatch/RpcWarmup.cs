using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// The time between opening the port and being ready: every call is refused with what the daemon is doing. Any thread.
/// </summary>
public sealed class RpcWarmup
{
    private volatile string? _status = "RPC server started";

    /// <summary>What the daemon is doing; null once it is ready.</summary>
    public string? Status => _status;

    /// <summary>Says what the daemon is doing. Without effect once it is ready.</summary>
    public void Report(string status)
    {
        if (_status is not null)
        {
            _status = status;
        }
    }

    /// <summary>From now on calls are served.</summary>
    public void Finish() => _status = null;

    /// <summary>Refuses the call while not ready.</summary>
    /// <exception cref="RpcError">Code -28.</exception>
    public void ThrowIfStarting()
    {
        if (_status is { } status)
        {
            throw new RpcError(RpcErrorCode.InWarmup, status);
        }
    }
}
