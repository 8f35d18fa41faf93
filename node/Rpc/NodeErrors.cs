using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Turns the node's own failures into errors with a code; the only place that does.</summary>
internal static class NodeErrors
{
    /// <summary>The error of a failure; null for what is a bug.</summary>
    public static RpcError? Translate(Exception failure) => failure switch
    {
        StorageException => new RpcError(RpcErrorCode.Misc, failure.Message, failure),
        EncodingException { Message: "end of data" } =>
            new RpcError(RpcErrorCode.Misc, "DataStream::read(): end of data: iostream error", failure),
        EncodingException => new RpcError(RpcErrorCode.Misc, failure.Message + ": iostream error", failure),
        InvalidOperationException { Message: var text } when text.StartsWith("ProcessNewBlock", StringComparison.Ordinal) =>
            new RpcError(RpcErrorCode.InternalError, text, failure),
        _ => null,
    };
}
