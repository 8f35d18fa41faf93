using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Connections;

/// <summary>Parts of the protocol's messages that are read in more than one place.</summary>
internal static class ProtocolReader
{
    private const int MaxPathLength = 64;

    /// <summary>Exception 1/2.</summary>
    internal static IpcException Exception(StructReader exception)
    {
        var kind = (IpcErrorKind)exception.GetUInt16(2);
        return IpcException.Remote(Enum.IsDefined(kind) ? kind : IpcErrorKind.Failed, Reason(exception.GetPointer(0)));
    }

    /// <summary>PromisedAnswer 1/1: the call, and where in its results.</summary>
    /// <returns>No path if an operation in it is unknown.</returns>
    internal static (uint QuestionId, ushort[]? Path) PromisedAnswer(StructReader answer)
    {
        var transform = answer.GetPointer(0).GetList(ElementSize.Composite);
        if (transform.Count > MaxPathLength)
        {
            throw new IpcException("Message contains a transform that is too long.");
        }

        var path = new List<ushort>(transform.Count);
        for (var i = 0; i < transform.Count; i++)
        {
            var operation = transform.GetStruct(i);
            switch (operation.GetUInt16(0))
            {
                case 0: // noop
                    break;
                case 1: // getPointerField
                    path.Add(operation.GetUInt16(1));
                    break;
                default:
                    return (answer.GetUInt32(0), null);
            }
        }

        return (answer.GetUInt32(0), [.. path]);
    }

    // A text of many megabytes is not worth its memory; an ill-formed one is a breach of the protocol all the same.
    private static string Reason(PointerReader text)
    {
        var bytes = text.GetTextBytes().Span;
        return System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, IpcException.MaxReasonLength)]);
    }
}
