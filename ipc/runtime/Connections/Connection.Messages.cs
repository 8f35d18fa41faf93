using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
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
        var root = message.GetRoot<Message.Reader>();
        switch (root.Which)
        {
            case Message.Which.Unimplemented:
                HandleUnimplemented(root.Unimplemented);
                break;
            case Message.Which.Abort:
                Break(ProtocolReader.Failure(root.Abort), tellPeer: false);
                break;
            case Message.Which.Call:
                HandleCall(message, root.Call);
                break;
            case Message.Which.Return:
                HandleReturn(message, root.Return);
                _returned++;
                break;
            case Message.Which.Finish:
                HandleFinish(root.Finish);
                _spare ??= message; // of which nothing is kept
                break;
            case Message.Which.Resolve:
                HandleResolve(root.Resolve);
                break;
            case Message.Which.Release:
                HandleRelease(root.Release);
                _spare ??= message;
                break;
            case Message.Which.Bootstrap:
                HandleBootstrap(message, root.Bootstrap.QuestionId);
                break;
            case Message.Which.Disembargo:
                HandleDisembargo(message, root.Disembargo);
                break;
            default:
                lock (_gate)
                {
                    Enqueue(ProtocolWriter.Unimplemented(message));
                }

                break;
        }
    }

    private void HandleBootstrap(MessageReader request, uint id)
    {
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
                Enqueue(ProtocolWriter.ReturnFailure(id, answer.Failure));
                return;
            }

            var message = ProtocolWriter.ReturnResults(id, out var payload);
            payload.Content.SetCapability(_bootstrap.AddReference());
            answer.ResultExports = WriteTable(payload, message.Capabilities);
            answer.Kept = OutgoingFrame.Of(message, holders: 2);
            answer.IsReturned = true;
            Enqueue(answer.Kept);
        }
    }

    private void HandleCall(MessageReader message, Call.Reader call)
    {
        var keepResults = call.SendResultsTo.Which switch
        {
            Call.SendResultsTo.Which.Caller => false,
            Call.SendResultsTo.Which.Yourself => true,
            _ => throw new IpcException("Unsupported `Call.sendResultsTo`."),
        };
        var payload = call.Params;
        Capability target;
        Answer answer;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            target = FindTarget(call.Target);
            try
            {
                answer = NewAnswer(call.QuestionId, new Answer(
                    this, call.QuestionId, message, (call.InterfaceId, call.MethodId), payload.Content, keepResults));
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

        _mustWipe |= !answer.IsPublic;
        target.Release();
    }

    private void HandleReturn(MessageReader message, Return.Reader body)
    {
        List<Capability>? released = null;
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

            question = _questions[body.AnswerId];
            if (question is not { State: Question.Phase.Sent or Question.Phase.FinishSent, IsRedirected: false })
            {
                throw new IpcException("Invalid question ID in Return message.");
            }

            if (body.ReleaseParamCaps && question.ParamExports is not null)
            {
                ReleaseExports(question.ParamExports, released = []);
            }

            _mustWipe |= !question.IsPublic;
            question.NoFinishNeeded = body.NoFinishNeeded;
            switch (body.Which)
            {
                case Return.Which.Results when question.State == Question.Phase.Sent:
                    var payload = body.Results;
                    message.Capabilities = ReadTable(payload);
                    question.Content = payload.Content;
                    response = question.Fill(message.Capabilities, message.TotalWords * 8);
                    (question.Message, _spare) = (message, question.Message); // whose it was has been read
                    break;
                case Return.Which.Exception when question.State == Question.Phase.Sent:
                    failure = ProtocolReader.Failure(body.Exception);
                    break;
                case Return.Which.Canceled when question.State == Question.Phase.Sent:
                    throw new IpcException("Return message falsely claims call was canceled.");
                case Return.Which.TakeFromOtherQuestion when question.State == Question.Phase.Sent:
                    taken = TakeAnswer(body.TakeFromOtherQuestion, question);
                    question.IsRedirected = true;
                    break;
                case Return.Which.Results or Return.Which.Exception or Return.Which.Canceled or Return.Which.TakeFromOtherQuestion:
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

        if (released is not null)
        {
            released.ForEach(static capability => capability.Release());
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

    private void HandleFinish(Finish.Reader finish)
    {
        List<Capability> released = [];
        Held? held = null;
        Answer? answer;
        lock (_gate)
        {
            if (!_answers.TryGetValue(finish.QuestionId, out answer) || answer.IsFinished)
            {
                return;
            }

            answer.IsFinished = true;
            if (answer.IsReturned)
            {
                _answers.Remove(answer.Id);
                _places -= answer.Pipelined.Count;
                held = answer.TakeHeld();
                if (finish.ReleaseResultCaps)
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

    private void HandleRelease(Release.Reader release)
    {
        Capability? released;
        lock (_gate)
        {
            released = _broken is null ? _exports.Release(release.Id, release.ReferenceCount) : null;
        }

        released?.Release();
    }

    private void HandleResolve(Resolve.Reader resolve)
    {
        Capability? target;
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            target = resolve.Which switch
            {
                Resolve.Which.Cap => ReadDescriptor(resolve.Cap) ?? BrokenCapability.Null(),
                Resolve.Which.Exception => new BrokenCapability(ProtocolReader.Failure(resolve.Exception)),
                _ => throw new IpcException("Unknown kind of Resolve message."),
            };
            if (_imports.TryGetValue(resolve.PromiseId, out var promise) && promise is { IsPromise: true, Next: null })
            {
                promise.Resolve(WithEmbargo(promise, target));
                return;
            }
        }

        Log.IgnoredResolve(_logger, Peer, resolve.PromiseId); // released meanwhile, which is no fault
        target.Release();
    }

    private void HandleDisembargo(MessageReader message, Disembargo.Reader disembargo)
    {
        var context = disembargo.Context;
        switch (context.Which)
        {
            case Disembargo.Context.Which.SenderLoopback:
                Capability target;
                lock (_gate)
                {
                    target = FindTarget(disembargo.Target);
                }

                ReturnLoopback(context.SenderLoopback, target, hasWaited: false);
                break;
            case Disembargo.Context.Which.ReceiverLoopback:
                Embargo embargo;
                lock (_gate)
                {
                    embargo = _embargoes[context.ReceiverLoopback]
                        ?? throw new IpcException("Invalid embargo ID in 'Disembargo.receiverLoopback'.");
                    _embargoes.Remove(context.ReceiverLoopback);
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
    private void ReturnLoopback(uint id, Capability target, bool hasWaited)
    {
        if (!target.Resolution.WhenResolved.IsCompleted && target.Resolution is QueuedCapability waiting)
        {
            if (!hasWaited)
            {
                CountLoopback(target);
            }

            waiting.WhenResolved.GetAwaiter().OnCompleted(() =>
            {
                try
                {
                    ReturnLoopback(id, target, hasWaited: true);
                }
                catch (IpcException breach)
                {
                    Break(breach, tellPeer: true);
                }
            });
            return;
        }

        try
        {
            lock (_gate)
            {
                _loopbacks -= hasWaited ? 1 : 0;
                if (target.Resolution is not RemoteCapability remote || remote.Peer != this)
                {
                    throw new IpcException(
                        "'Disembargo' of type 'senderLoopback' sent to an object that does not point back to the sender.");
                }

                if (_broken is null)
                {
                    var answer = ProtocolWriter.ReceiverLoopback(id, out var place);
                    WriteTarget(place, remote);
                    Enqueue(answer);
                }
            }
        }
        finally
        {
            target.Release();
        }
    }

    private void CountLoopback(Capability target)
    {
        lock (_gate)
        {
            if (_loopbacks < _limits.MaxPromises)
            {
                _loopbacks++;
                return;
            }
        }

        target.Release();
        throw TooManyPromises();
    }

    // Our own message, which the peer doesn't know.
    private void HandleUnimplemented(Message.Reader ours)
    {
        switch (ours.Which)
        {
            case Message.Which.Resolve when ours.Resolve is { Which: Resolve.Which.Cap, Cap: var dropped }:
                // What the Resolve brought, it dropped.
                Capability? released = null;
                if (dropped.Which is CapDescriptor.Which.SenderHosted or CapDescriptor.Which.SenderPromise)
                {
                    lock (_gate)
                    {
                        released = _broken is null ? _exports.Release(dropped.SenderHosted, 1) : null;
                    }
                }

                released?.Release();
                break;
            case Message.Which.Call:
                FailUnimplemented(ours.Call.QuestionId);
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
