using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// What the peer says: one handler a message kind, run by the reader. An <see cref="IpcException"/> out of a handler is a
/// breach of the protocol and ends the connection.
/// </summary>
internal sealed partial class Connection
{
    private const string NotImplementedByPeer = "Peer did not implement required RPC message type.";

    private void Handle(MessageReader message)
    {
        var root = message.Root.GetStruct();
        var body = root.GetPointer(0);
        switch ((MessageKind)root.GetUInt16(0))
        {
            case MessageKind.Unimplemented:
                HandleUnimplemented(body.GetStruct());
                break;
            case MessageKind.Abort:
                Break(ProtocolReader.Exception(body.GetStruct()), tellPeer: false);
                break;
            case MessageKind.Call:
                HandleCall(message, body.GetStruct());
                break;
            case MessageKind.Return:
                HandleReturn(message, body.GetStruct());
                break;
            case MessageKind.Finish:
                HandleFinish(body.GetStruct());
                break;
            case MessageKind.Resolve:
                HandleResolve(body.GetStruct());
                break;
            case MessageKind.Release:
                HandleRelease(body.GetStruct());
                break;
            case MessageKind.Bootstrap:
                HandleBootstrap(message, body.GetStruct());
                break;
            case MessageKind.Disembargo:
                HandleDisembargo(message, body.GetStruct());
                break;
            default:
                lock (_gate)
                {
                    Enqueue(ProtocolWriter.Unimplemented(message));
                }

                break;
        }
    }

    // Bootstrap: questionId u32@0
    private void HandleBootstrap(MessageReader request, StructReader bootstrap)
    {
        var id = bootstrap.GetUInt32(0);
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            var answer = NewAnswer(id, new Answer(this, id, request, default, default, keepsResults: false));
            if (_bootstrap is null)
            {
                answer.Failure = new IpcException("This vat does not expose a public/bootstrap interface.");
                answer.IsReturned = true;
                Enqueue(ProtocolWriter.Return(id, answer.Failure));
                return;
            }

            var message = ProtocolWriter.ReturnResults(id, out var payload);
            payload.GetPointer(0).SetCapability(_bootstrap.AddReference());
            answer.ResultExports = WriteTable(payload, message.Capabilities);
            answer.Kept = new OutgoingFrame(message, holders: 2);
            answer.IsReturned = true;
            Enqueue(answer.Kept);
        }
    }

    // Call: questionId u32@0, methodId u16@2, sendResultsTo u16@3, interfaceId u64@1; target p0, params p1
    private void HandleCall(MessageReader message, StructReader call)
    {
        var id = call.GetUInt32(0);
        var sendResultsTo = call.GetUInt16(3);
        if (sendResultsTo > 1)
        {
            throw new IpcException("Unsupported `Call.sendResultsTo`.");
        }

        var payload = call.GetPointer(1).GetStruct();
        Capability target;
        Answer answer;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            target = FindTarget(call.GetPointer(0).GetStruct());
            try
            {
                answer = NewAnswer(id, new Answer(
                    this, id, message, (call.GetUInt64(1), call.GetUInt16(2)), payload.GetPointer(0), sendResultsTo == 1));
                message.Capabilities = ReadTable(payload);
            }
            catch
            {
                target.Release();
                throw;
            }
        }

        var held = Interlocked.Add(ref _heldBytes, answer.ParamsSize);
        var running = Interlocked.Increment(ref _runningCalls);
        if (held > _limits.MaxHeldBytes)
        {
            target.Release();
            var overload = new IpcException(IpcErrorKind.Overloaded, "Too much is asked at once.");
            answer.Fail(overload);
            throw overload;
        }

        if (running > _limits.MaxRunningCalls)
        {
            answer.Fail(new IpcException(IpcErrorKind.Overloaded, "Too many calls at once."));
        }
        else
        {
            target.Deliver(answer);
        }

        target.Release();
    }

    // Return: answerId u32@0, releaseParamCaps bit 32 = true, noFinishNeeded bit 33, kind u16@3; p0, or u32@2
    private void HandleReturn(MessageReader message, StructReader body)
    {
        var id = body.GetUInt32(0);
        List<Capability> released = [];
        CallResponse? response = null;
        IpcException? failure = null;
        Question? question;
        Answer? taken = null;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            question = _questions[id];
            if (question is null || question.State is not (Question.Phase.Sent or Question.Phase.FinishSent) || question.IsRedirected)
            {
                throw new IpcException("Invalid question ID in Return message.");
            }

            if (body.GetBool(32, mask: true))
            {
                ReleaseExports(question.ParamExports, released);
            }

            question.NoFinishNeeded = body.GetBool(33);
            switch ((ReturnKind)body.GetUInt16(3))
            {
                case ReturnKind.Results when question.State == Question.Phase.Sent:
                    var payload = body.GetPointer(0).GetStruct();
                    message.Capabilities = ReadTable(payload);
                    question.Content = payload.GetPointer(0);
                    response = new CallResponse(
                        question.Content, message.Capabilities, message.TotalWords * 8, () => Finish(question));
                    break;
                case ReturnKind.Exception when question.State == Question.Phase.Sent:
                    failure = ProtocolReader.Exception(body.GetPointer(0).GetStruct());
                    break;
                case ReturnKind.Canceled when question.State == Question.Phase.Sent:
                    throw new IpcException("Return message falsely claims call was canceled.");
                case ReturnKind.TakeFromOtherQuestion when question.State == Question.Phase.Sent:
                    taken = TakeAnswer(body.GetUInt32(2), question);
                    question.IsRedirected = true;
                    break;
                case ReturnKind.Results or ReturnKind.Exception or ReturnKind.Canceled or ReturnKind.TakeFromOtherQuestion:
                    EndQuestion(question); // we gave it up: what it brings was never ours
                    break;
                default:
                    throw new IpcException("Unexpected kind of Return message.");
            }

            if (response is not null || failure is not null)
            {
                SetReturned(question, failure);
            }
        }

        foreach (var capability in released)
        {
            capability.Release();
        }

        if (taken is { IsReturned: true })
        {
            Consume(taken, question);
        }
        else if (taken is null)
        {
            Announce(question, response, failure);
        }
    }

    // Finish: questionId u32@0, releaseResultCaps bit 32 = true
    private void HandleFinish(StructReader finish)
    {
        List<Capability> released = [];
        Held? held = null;
        Answer? answer;
        lock (_gate)
        {
            if (!_answers.TryGetValue(finish.GetUInt32(0), out answer) || answer.IsFinished)
            {
                return;
            }

            answer.IsFinished = true;
            if (answer.IsReturned)
            {
                _answers.Remove(answer.Id);
                held = answer.TakeHeld();
                if (finish.GetBool(32, mask: true))
                {
                    ReleaseExports(answer.ResultExports, released);
                }
            }
        }

        if (held is null)
        {
            answer.Cancel();
            return;
        }

        held.Release();
        foreach (var capability in released)
        {
            capability.Release();
        }
    }

    // Release: id u32@0, referenceCount u32@1
    private void HandleRelease(StructReader release)
    {
        Capability? released;
        lock (_gate)
        {
            released = _broken is null ? _exports.Release(release.GetUInt32(0), release.GetUInt32(1)) : null;
        }

        released?.Release();
    }

    // Resolve: promiseId u32@0, kind u16@2 (0 cap, 1 exception); p0
    private void HandleResolve(StructReader resolve)
    {
        var id = resolve.GetUInt32(0);
        Capability? target;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            target = resolve.GetUInt16(2) switch
            {
                0 => ReadDescriptor(resolve.GetPointer(0).GetStruct()) ?? BrokenCapability.Null(),
                1 => new BrokenCapability(ProtocolReader.Exception(resolve.GetPointer(0).GetStruct())),
                _ => throw new IpcException("Unknown kind of Resolve message."),
            };
            if (_imports.TryGetValue(id, out var promise) && promise is { IsPromise: true, Next: null })
            {
                promise.Resolve(WithEmbargo(promise, target));
                return;
            }
        }

        Log.IgnoredResolve(_logger, Peer, id); // released meanwhile, which is no fault
        target.Release();
    }

    // Disembargo: id u32@0, kind u16@2; target p0
    private void HandleDisembargo(MessageReader message, StructReader disembargo)
    {
        var id = disembargo.GetUInt32(0);
        switch (disembargo.GetUInt16(2))
        {
            case 0: // senderLoopback
                Capability target;
                lock (_gate)
                {
                    target = FindTarget(disembargo.GetPointer(0).GetStruct());
                }

                ReturnLoopback(id, target);
                break;
            case 1: // receiverLoopback
                Embargo embargo;
                lock (_gate)
                {
                    embargo = _embargoes[id] ?? throw new IpcException("Invalid embargo ID in 'Disembargo.receiverLoopback'.");
                    _embargoes.Remove(id);
                }

                embargo.Waiting.Resolve(embargo.Target);
                embargo.Waiting.Release();
                break;
            default: // of level 3
                lock (_gate)
                {
                    Enqueue(ProtocolWriter.Unimplemented(message));
                }

                break;
        }
    }

    // What came before has been passed on, since it is passed on as it comes; so the answer follows it.
    private void ReturnLoopback(uint id, Capability target)
    {
        if (!target.Resolution.WhenResolved.IsCompleted && target.Resolution is QueuedCapability waiting)
        {
            waiting.WhenResolved.GetAwaiter().OnCompleted(() =>
            {
                try
                {
                    ReturnLoopback(id, target);
                }
                catch (IpcException breach)
                {
                    Break(breach, tellPeer: true);
                }
            });
            return;
        }

        lock (_gate)
        {
            if (target.Resolution is not RemoteCapability remote || remote.Peer != this)
            {
                throw new IpcException(
                    "'Disembargo' of type 'senderLoopback' sent to an object that does not point back to the sender.");
            }

            if (_broken is null)
            {
                Enqueue(Disembargo(id, toReceiver: true, remote));
            }
        }

        target.Release();
    }

    // Our own message, which the peer doesn't know.
    private void HandleUnimplemented(StructReader ours)
    {
        var body = ours.GetPointer(0).GetStruct();
        switch ((MessageKind)ours.GetUInt16(0))
        {
            case MessageKind.Resolve when body.GetUInt16(2) == 0:
                // It dropped the capability that the Resolve brought.
                var descriptor = body.GetPointer(0).GetStruct();
                Capability? released = null;
                if ((DescriptorKind)descriptor.GetUInt16(0) is DescriptorKind.SenderHosted or DescriptorKind.SenderPromise)
                {
                    lock (_gate)
                    {
                        released = _exports.Release(descriptor.GetUInt32(1), 1);
                    }
                }

                released?.Release();
                break;
            case MessageKind.Call:
                FailUnimplemented(body.GetUInt32(0));
                break;
            default:
                throw new IpcException(NotImplementedByPeer);
        }
    }

    private void FailUnimplemented(uint questionId)
    {
        List<Capability> released = [];
        var failure = new IpcException(IpcErrorKind.Unimplemented, NotImplementedByPeer);
        Question question;
        lock (_gate)
        {
            question = _questions[questionId] is { State: Question.Phase.Sent or Question.Phase.FinishSent } open
                ? open
                : throw new IpcException(NotImplementedByPeer);
            ReleaseExports(question.ParamExports, released);
            question.NoFinishNeeded = true; // the peer never knew of it
            if (question.State == Question.Phase.Sent)
            {
                SetReturned(question, failure);
            }
            else
            {
                EndQuestion(question);
            }
        }

        foreach (var capability in released)
        {
            capability.Release();
        }

        Announce(question, null, failure);
    }

    private Answer NewAnswer(uint id, Answer answer)
    {
        if (_answers.Count >= _limits.MaxAnswers)
        {
            throw new IpcException(IpcErrorKind.Overloaded, "Too many calls that were not finished.");
        }

        return _answers.TryAdd(id, answer) ? answer : throw new IpcException("questionId is already in use");
    }

    private Answer TakeAnswer(uint id, Question question)
    {
        if (!_answers.TryGetValue(id, out var answer) || !answer.KeepsResults || answer.Consumer is not null)
        {
            throw new IpcException("`Return.takeFromOtherQuestion` had invalid answer ID.");
        }

        answer.Consumer = question;
        return answer;
    }

    private void ReleaseExports(List<uint>? ids, List<Capability> released)
    {
        foreach (var id in ids ?? [])
        {
            if (_exports.Release(id, 1) is { } capability)
            {
                released.Add(capability);
            }
        }
    }
}
