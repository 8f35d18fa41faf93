using System.Diagnostics.CodeAnalysis;

namespace Dash.Rpc.Protocol;

/// <summary>A refusal that becomes the <c>error</c> member of a reply: code and message as the caller sees them.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is the reply's error; JSON-RPC has no exceptions.")]
public sealed class RpcError : Exception
{
    /// <summary>Makes a refusal.</summary>
    public RpcError(RpcErrorCode code, string message)
        : base(message)
    {
        Code = code;
    }

    /// <summary>Makes a refusal that remembers what led to it (for the log; the caller sees only the message).</summary>
    public RpcError(RpcErrorCode code, string message, Exception innerException)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>The number in the reply.</summary>
    public RpcErrorCode Code { get; }
}
