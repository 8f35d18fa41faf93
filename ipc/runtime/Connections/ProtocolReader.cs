using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;

namespace Dash.Ipc.Connections;

/// <summary>Parts of the protocol's messages that are read in more than one place.</summary>
internal static class ProtocolReader
{
    private const int MaxPathLength = 64;

    /// <summary>A failure that the peer reports.</summary>
    internal static IpcException Failure(RpcException.Reader exception)
    {
        var kind = (IpcErrorKind)exception.Type;

        // A text of many megabytes is not worth its memory; an ill-formed one is a breach of the protocol all the same.
        var reason = exception.Raw.GetPointer(0).GetTextBytes().Span;
        return IpcException.Remote(
            Enum.IsDefined(kind) ? kind : IpcErrorKind.Failed,
            System.Text.Encoding.UTF8.GetString(reason[..Math.Min(reason.Length, IpcException.MaxReasonLength)]));
    }

    /// <summary>Where in the results of a call; null if an operation is unknown.</summary>
    internal static ushort[]? Path(PromisedAnswer.Reader answer)
    {
        var transform = answer.Transform;
        if (transform.Count > MaxPathLength)
        {
            throw new IpcException("Message contains a transform that is too long.");
        }

        var path = new List<ushort>(transform.Count);
        foreach (var operation in transform)
        {
            switch (operation.Which)
            {
                case PromisedAnswer.Op.Which.Noop:
                    break;
                case PromisedAnswer.Op.Which.GetPointerField:
                    path.Add(operation.GetPointerField);
                    break;
                default:
                    return null;
            }
        }

        return [.. path];
    }
}
