using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>Builds the protocol's messages.</summary>
internal static class ProtocolWriter
{
    /// <summary>All but calls and results have less than these many words.</summary>
    private const int SmallMessage = 63;

    /// <summary>Words of the first segment of results: 8 KiB.</summary>
    private const int UsualMessage = 1023;

    internal static MessageBuilder Bootstrap(uint questionId)
    {
        var message = New(out var root);
        root.InitBootstrap().QuestionId = questionId;
        return message;
    }

    internal static MessageBuilder Finish(uint questionId, bool releaseResultCaps)
    {
        var message = New(out var root);
        var finish = root.InitFinish();
        finish.QuestionId = questionId;
        finish.ReleaseResultCaps = releaseResultCaps;
        return message;
    }

    internal static MessageBuilder Release(uint importId, uint count)
    {
        var message = New(out var root);
        var release = root.InitRelease();
        release.Id = importId;
        release.ReferenceCount = count;
        return message;
    }

    internal static MessageBuilder Abort(IpcException reason)
    {
        var message = New(out var root);
        Write(root.InitAbort(), reason);
        return message;
    }

    /// <summary>A call was given up before it had results.</summary>
    internal static MessageBuilder ReturnCanceled(uint answerId)
    {
        var message = New(out var root);
        NewReturn(root, answerId).SetCanceled();
        return message;
    }

    /// <summary>A call has ended whose results are kept here.</summary>
    internal static MessageBuilder ReturnElsewhere(uint answerId)
    {
        var message = New(out var root);
        NewReturn(root, answerId).SetResultsSentElsewhere();
        return message;
    }

    internal static MessageBuilder ReturnFailure(uint answerId, IpcException failure)
    {
        var message = New(out var root);
        Write(NewReturn(root, answerId).InitException(), failure);
        return message;
    }

    /// <summary>A return whose results are yet to be built.</summary>
    internal static MessageBuilder ReturnResults(uint answerId, out Payload.Builder payload)
    {
        var message = MessagePool.Rent(UsualMessage);
        payload = NewReturn(message.InitRoot<Message.Builder>(), answerId).InitResults();
        return message;
    }

    /// <summary>A promise was kept; the descriptor is yet to be written.</summary>
    internal static MessageBuilder ResolveTo(uint promiseId, out CapDescriptor.Builder descriptor)
    {
        var message = New(out var root);
        var resolve = root.InitResolve();
        resolve.PromiseId = promiseId;
        descriptor = resolve.InitCap();
        return message;
    }

    /// <summary>A promise was broken.</summary>
    internal static MessageBuilder ResolveFailure(uint promiseId, IpcException failure)
    {
        var message = New(out var root);
        var resolve = root.InitResolve();
        resolve.PromiseId = promiseId;
        Write(resolve.InitException(), failure);
        return message;
    }

    /// <summary>
    /// Asks whether all that was sent by way of the target has passed; the target is yet to be written.
    /// </summary>
    internal static MessageBuilder SenderLoopback(uint embargoId, out MessageTarget.Builder target)
    {
        var message = New(out var root);
        var disembargo = root.InitDisembargo();
        var context = disembargo.Context;
        context.SenderLoopback = embargoId;
        target = disembargo.InitTarget();
        return message;
    }

    /// <summary>Answers a sender loopback; the target is yet to be written.</summary>
    internal static MessageBuilder ReceiverLoopback(uint embargoId, out MessageTarget.Builder target)
    {
        var message = New(out var root);
        var disembargo = root.InitDisembargo();
        var context = disembargo.Context;
        context.ReceiverLoopback = embargoId;
        target = disembargo.InitTarget();
        return message;
    }

    /// <summary>Sends a message back whole, as one we don't know. Capabilities in it become null.</summary>
    internal static MessageBuilder Unimplemented(MessageReader unknown)
    {
        var message = MessagePool.Rent(unknown.TotalWords + SmallMessage);
        message.InitRoot<Message.Builder>().SetUnimplemented(unknown.GetRoot<Message.Reader>());
        return message;
    }

    /// <summary>Says where in the results of a call we made.</summary>
    internal static void Write(PromisedAnswer.Builder answer, uint questionId, ReadOnlySpan<ushort> path)
    {
        answer.QuestionId = questionId;
        if (path.Length > 0)
        {
            var transform = answer.InitTransform(path.Length);
            for (var i = 0; i < path.Length; i++)
            {
                var operation = transform[i];
                operation.GetPointerField = path[i];
            }
        }
    }

    private static Return.Builder NewReturn(Message.Builder root, uint answerId)
    {
        var body = root.InitReturn();
        body.AnswerId = answerId;
        body.ReleaseParamCaps = false; // each is released by a message of its own
        return body;
    }

    private static void Write(RpcException.Builder exception, IpcException failure)
    {
        var reason = failure.Reason;
        exception.Type = (RpcException.Type)failure.Kind;
        exception.Reason = reason.Length <= IpcException.MaxReasonLength ? reason : reason[..IpcException.MaxReasonLength];
    }

    private static MessageBuilder New(out Message.Builder root)
    {
        var message = MessagePool.Rent(SmallMessage);
        message.IsPublic = true;
        root = message.InitRoot<Message.Builder>();
        return message;
    }
}
