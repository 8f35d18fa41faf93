using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// Builds the protocol's own messages. Field numbers are those of rpc.capnp: a comment names the struct and its sizes in
/// data words and pointers, indexes count units of the field's size.
/// </summary>
internal static class ProtocolWriter
{
    /// <summary>Most control messages have less than these many words.</summary>
    private const int SmallMessage = 64;

    internal static MessageBuilder Bootstrap(uint questionId)
    {
        var message = New(MessageKind.Bootstrap, 1, 1, out var bootstrap); // Bootstrap 1/1
        bootstrap.SetUInt32(0, questionId);
        return message;
    }

    internal static MessageBuilder Finish(uint questionId, bool releaseResultCaps)
    {
        var message = New(MessageKind.Finish, 1, 0, out var finish); // Finish 1/0
        finish.SetUInt32(0, questionId);
        finish.SetBool(32, releaseResultCaps, mask: true);
        return message;
    }

    internal static MessageBuilder Release(uint importId, uint count)
    {
        var message = New(MessageKind.Release, 1, 0, out var release); // Release 1/0
        release.SetUInt32(0, importId);
        release.SetUInt32(1, count);
        return message;
    }

    internal static MessageBuilder Abort(IpcException reason)
    {
        var message = New(MessageKind.Abort, 1, 2, out var abort);
        Write(abort, reason);
        return message;
    }

    /// <summary>A return without payload.</summary>
    internal static MessageBuilder Return(uint answerId, ReturnKind kind)
    {
        var message = New(MessageKind.Return, 2, 1, out var body);
        BeginReturn(body, answerId, kind);
        return message;
    }

    internal static MessageBuilder Return(uint answerId, IpcException failure)
    {
        var message = New(MessageKind.Return, 2, 1, out var body);
        BeginReturn(body, answerId, ReturnKind.Exception);
        Write(body.GetPointer(0).InitStruct(1, 2), failure);
        return message;
    }

    /// <summary>A return whose results are yet to be built.</summary>
    /// <param name="answerId">Of which call.</param>
    /// <param name="payload">Payload 0/2: content, capability table.</param>
    internal static MessageBuilder ReturnResults(uint answerId, out StructBuilder payload)
    {
        var message = new MessageBuilder();
        var body = Begin(message, MessageKind.Return, 2, 1);
        BeginReturn(body, answerId, ReturnKind.Results);
        payload = body.GetPointer(0).InitStruct(0, 2);
        return message;
    }

    /// <summary>A promise was kept; the descriptor (CapDescriptor 1/1) is yet to be written.</summary>
    internal static MessageBuilder Resolve(uint promiseId, out StructBuilder descriptor)
    {
        var message = New(MessageKind.Resolve, 1, 1, out var resolve); // Resolve 1/1, tag 0 cap
        resolve.SetUInt32(0, promiseId);
        descriptor = resolve.GetPointer(0).InitStruct(1, 1);
        return message;
    }

    /// <summary>A promise was broken.</summary>
    internal static MessageBuilder Resolve(uint promiseId, IpcException failure)
    {
        var message = New(MessageKind.Resolve, 1, 1, out var resolve); // tag 1 exception
        resolve.SetUInt32(0, promiseId);
        resolve.SetUInt16(2, 1);
        Write(resolve.GetPointer(0).InitStruct(1, 2), failure);
        return message;
    }

    /// <param name="id">The embargo's number.</param>
    /// <param name="toReceiver">False: sender loopback, the question. True: receiver loopback, its answer.</param>
    /// <param name="target">MessageTarget 1/1, yet to be written.</param>
    internal static MessageBuilder Disembargo(uint id, bool toReceiver, out StructBuilder target)
    {
        var message = New(MessageKind.Disembargo, 1, 1, out var disembargo); // Disembargo 1/1
        disembargo.SetUInt32(0, id);
        disembargo.SetUInt16(2, toReceiver ? (ushort)1 : (ushort)0);
        target = disembargo.GetPointer(0).InitStruct(1, 1);
        return message;
    }

    /// <summary>Sends a message back whole, as one we don't know. Capabilities in it become null.</summary>
    internal static MessageBuilder Unimplemented(MessageReader unknown)
    {
        var message = new MessageBuilder(unknown.TotalWords + SmallMessage);
        var root = message.Root.InitStruct(1, 1);
        root.SetUInt16(0, (ushort)MessageKind.Unimplemented);
        root.GetPointer(0).SetFrom(unknown.Root);
        return message;
    }

    /// <summary>MessageTarget: an object in the receiver's table of exports.</summary>
    internal static void TargetImport(StructBuilder target, uint importId) => target.SetUInt32(0, importId);

    /// <summary>MessageTarget: a place in the results of a call we made.</summary>
    internal static void TargetAnswer(StructBuilder target, uint questionId, ReadOnlySpan<ushort> path)
    {
        target.SetUInt16(2, 1);
        PromisedAnswer(target.GetPointer(0), questionId, path);
    }

    /// <summary>CapDescriptor, all kinds but promised answers.</summary>
    internal static void Descriptor(StructBuilder descriptor, DescriptorKind kind, uint id)
    {
        descriptor.SetUInt16(0, (ushort)kind);
        descriptor.SetUInt32(1, id);
    }

    /// <summary>CapDescriptor: a place in the results of a call we made.</summary>
    internal static void DescriptorOfAnswer(StructBuilder descriptor, uint questionId, ReadOnlySpan<ushort> path)
    {
        descriptor.SetUInt16(0, (ushort)DescriptorKind.ReceiverAnswer);
        PromisedAnswer(descriptor.GetPointer(0), questionId, path);
    }

    private static void PromisedAnswer(PointerBuilder pointer, uint questionId, ReadOnlySpan<ushort> path)
    {
        var answer = pointer.InitStruct(1, 1); // PromisedAnswer 1/1
        answer.SetUInt32(0, questionId);
        if (path.Length > 0)
        {
            var transform = answer.GetPointer(0).InitStructList(path.Length, 1, 0); // Op 1/0: tag 1 getPointerField
            for (var i = 0; i < path.Length; i++)
            {
                transform.GetStruct(i).SetUInt16(0, 1);
                transform.GetStruct(i).SetUInt16(1, path[i]);
            }
        }
    }

    private static void BeginReturn(StructBuilder body, uint answerId, ReturnKind kind)
    {
        body.SetUInt32(0, answerId);
        body.SetBool(32, false, mask: true); // releaseParamCaps: each is released by a message of its own
        body.SetUInt16(3, (ushort)kind);
    }

    private static void Write(StructBuilder exception, IpcException failure)
    {
        exception.SetUInt16(2, (ushort)failure.Kind);
        var reason = failure.Reason;
        exception.GetPointer(0).SetText(
            reason.Length <= IpcException.MaxReasonLength ? reason : reason[..IpcException.MaxReasonLength]);
    }

    private static MessageBuilder New(MessageKind kind, int dataWords, int pointers, out StructBuilder body)
    {
        var message = new MessageBuilder(SmallMessage);
        body = Begin(message, kind, dataWords, pointers);
        return message;
    }

    private static StructBuilder Begin(MessageBuilder message, MessageKind kind, int dataWords, int pointers)
    {
        var root = message.Root.InitStruct(1, 1);
        root.SetUInt16(0, (ushort)kind);
        return root.GetPointer(0).InitStruct(dataWords, pointers);
    }
}
