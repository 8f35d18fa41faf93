using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>Calls of ours and the ends of calls of the peer.</summary>
internal sealed partial class Connection
{
    /// <summary>Returns when a new call may be started; at once once the connection has ended.</summary>
    internal ValueTask WaitForRoomAsync(CancellationToken ct) => _sending.WaitForRoomAsync(ct);

    /// <summary>Asks the peer for its first object, which is the whole of the response.</summary>
    internal PendingCall Bootstrap()
    {
        lock (_gate)
        {
            if (_broken is not null)
            {
                return new FailedCall(AfterDisconnect(_broken));
            }

            var question = NewQuestion();
            Enqueue(ProtocolWriter.Bootstrap(question.Id));
            return question;
        }
    }

    internal override PendingCall Send(RemoteCapability target, OutgoingCall call)
    {
        Capability resolution;
        PendingCall? sent = null;
        var urgency = SendQueue.Urgency.ByCaller;
        var capabilities = call.Message.Capabilities; // when it was sent, the message is no longer ours to ask
        lock (_gate)
        {
            resolution = target.Resolution;
            if (_broken is not null)
            {
                sent = new FailedCall(AfterDisconnect(_broken));
            }
            else if (resolution is RemoteCapability remote && remote.Peer == this)
            {
                var frame = SendCall(remote, call, out var question);
                sent = question;
                if (frame is not null)
                {
                    Enqueue(frame, urgency = UrgencyOf(_questions.Count));
                }
            }
        }

        if (sent is null)
        {
            return resolution.Send(call); // it became something else: of this process, or of another peer
        }

        WriteIf(urgency);

        if (sent is Question)
        {
            CapabilityTable.Release(capabilities); // the tables hold what they need
        }
        else
        {
            call.Discard();
        }

        return sent;
    }

    /// <summary>The promise of a place in a call's results, or what is there if it was answered.</summary>
    internal Capability Pipeline(Question question, ReadOnlySpan<ushort> path)
    {
        lock (_gate)
        {
            switch (question.State)
            {
                case Question.Phase.Sent:
                    question.WasPipelined = true;
                    foreach (var known in question.Pipelined ??= [])
                    {
                        if (known.Path.SequenceEqual(path) && known.TryAddReference())
                        {
                            return known; // one path, one order
                        }
                    }

                    var promise = new PipelinedCapability(this, question, path.ToArray());
                    question.Pipelined.Add(promise);
                    return promise;
                case Question.Phase.Returned when question.Failure is null:
                    return CapabilityTable.At(question.Content, path);
                default:
                    return new BrokenCapability(question.Failure
                        ?? new IpcException("The call was given up or its results were let go."));
            }
        }
    }

    internal void Cancel(Question question, CancellationToken ct)
    {
        GiveUp(question, new IpcException("The call was cancelled."));
        question.SetCanceled(ct);
    }

    /// <summary>The caller is done with a call that went well: it may serve for another.</summary>
    internal void Recycle(Question question)
    {
        lock (_gate)
        {
            if (_broken is null && question is { State: Question.Phase.Gone, IsOnlyTheCallers: true } && _idleQuestions.Count < MaxIdleQuestions)
            {
                question.Empty();
                _idleQuestions.Push(question);
            }
        }
    }

    private void GiveUp(Question question, IpcException reason)
    {
        lock (_gate)
        {
            if (question.State == Question.Phase.Sent)
            {
                GiveUpSent(question, reason);
            }
        }
    }

    // Under the lock.
    private void GiveUpSent(Question question, IpcException reason)
    {
        question.State = Question.Phase.FinishSent;
        foreach (var promise in TakePipelined(question))
        {
            promise.Resolve(new BrokenCapability(reason));
        }

        if (_broken is null)
        {
            Enqueue(ProtocolWriter.Finish(question.Id, releaseResultCaps: true));
        }
    }

    /// <summary>
    /// Ends calls that have a deadline and were looked at too often. Looks are counted, not time: a process that slept itself
    /// blames nobody.
    /// </summary>
    internal void GiveUpOverdue(int patience)
    {
        List<Question>? overdue = null;
        var failure = new IpcException(IpcErrorKind.Overloaded, $"IPC call was not answered within {_limits.CallTimeout.TotalSeconds} s");
        lock (_gate)
        {
            foreach (var question in _questions.Entries)
            {
                if (question.HasDeadline && question.State == Question.Phase.Sent && question.Looks++ >= patience)
                {
                    GiveUpSent(question, failure); // it may be another call by the time the lock is released, else
                    (overdue ??= []).Add(question);
                }
            }
        }

        foreach (var question in overdue ?? [])
        {
            Log.Overdue(_logger, Peer);
            question.Fail(failure);
        }
    }

    internal Task WhenEnded(Question question)
    {
        lock (_gate)
        {
            return question.State is Question.Phase.Sent or Question.Phase.FinishSent ? question.EndedTask : Task.CompletedTask;
        }
    }

    internal override void Forget(RemoteCapability capability)
    {
        lock (_gate)
        {
            if (_broken is not null)
            {
                return;
            }

            switch (capability)
            {
                case ImportedCapability import:
                    // The number may already stand for a newer import: this one was on its way out when it arrived.
                    if (_imports.TryGetValue(import.Id, out var current) && current == import)
                    {
                        _imports.Remove(import.Id);
                    }

                    Later(ProtocolWriter.Release(import.Id, import.RemoteReferences));
                    break;
                case PipelinedCapability { Question: Question question } promise:
                    question.Pipelined?.Remove(promise);
                    break;
            }
        }
    }

    /// <summary>A call of the peer has results.</summary>
    internal void ReturnResults(Answer answer, MessageBuilder results, Payload.Builder payload)
    {
        OutgoingFrame? frame = null;
        IpcException? failure = null;
        Settlement settlement;
        lock (_gate)
        {
            if (_broken is null && !answer.IsFinished)
            {
                if (answer.KeepsResults)
                {
                    answer.Kept = frame = OutgoingFrame.Of(results);
                }
                else if (_exports.Count + results.Capabilities.Count > _limits.MaxCapabilities)
                {
                    failure = TooManyCapabilities();
                }
                else
                {
                    answer.ResultExports = WriteTable(payload, results.Capabilities);
                    frame = OutgoingFrame.Of(results);
                    if (results.Capabilities.Count > 0)
                    {
                        frame.AddHolder();
                        answer.Kept = frame;
                    }
                }
            }

            settlement = Settle(answer, frame, failure);
        }

        WriteIf(settlement.Urgency);
        if (frame is null)
        {
            CapabilityTable.Release(results.Capabilities);
            results.Dispose();
        }

        Settled(answer, settlement);
    }

    /// <summary>A call of the peer failed.</summary>
    internal void ReturnFailure(Answer answer, IpcException failure)
    {
        Settlement settlement;
        lock (_gate)
        {
            settlement = Settle(answer, null, failure);
        }

        Settled(answer, settlement);
    }

    /// <summary>A call of the peer has ended and its parameters are gone.</summary>
    internal void EndCall(Answer answer)
    {
        Interlocked.Decrement(ref _runningCalls);
        Interlocked.Add(ref _heldBytes, -answer.ParamsSize);
    }

    // Fills a call's message in and counts everything it names. Null and a failed call if the peer holds too much
    // already.
    private OutgoingFrame? SendCall(RemoteCapability target, OutgoingCall call, out PendingCall question)
    {
        if (_exports.Count + call.Message.Capabilities.Count > _limits.MaxCapabilities)
        {
            question = new FailedCall(TooManyCapabilities());
            return null;
        }

        var asked = NewQuestion();
        try
        {
            question = asked;
            asked.HasDeadline = call.HasDeadline;
            asked.IsPublic = call.IsPublic;
            var body = Call.Builder.From(call.Call);
            body.QuestionId = asked.Id;
            WriteTarget(body.InitTarget(), target);
            asked.ParamExports = WriteTable(Payload.Builder.From(call.Payload), call.Message.Capabilities);
            return OutgoingFrame.Of(call.Message);
        }
        catch (IpcFormatException tooLarge)
        {
            _questions.Remove(asked.Id);
            question = new FailedCall(IpcException.Of(tooLarge));
            return null;
        }
    }

    // Who makes a message sends it at once if little is under way; a thread that will make more gathers them first.
    private SendQueue.Urgency UrgencyOf(int underWay) => _reception switch
    {
        { IsHere: true } here => here.Gathers() ? SendQueue.Urgency.Gathered : SendQueue.Urgency.ByCaller,
        _ => underWay <= FewCalls ? SendQueue.Urgency.ByCaller : SendQueue.Urgency.Now,
    };

    // Under no lock. That what was gathered will be sent must still be so once it is in line.
    private void WriteIf(SendQueue.Urgency urgency)
    {
        if (urgency == SendQueue.Urgency.ByCaller || (urgency == SendQueue.Urgency.Gathered && _reception?.Gathers() != true))
        {
            _sending.Write();
        }
    }

    private Question NewQuestion()
    {
        while (_finishing.TryPeek(out var finishing) && finishing.Finish <= _sending.LaterTaken)
        {
            _questions.Free(finishing.Id);
            _finishing.Dequeue();
        }

        var question = _idleQuestions.TryPop(out var idle) ? idle : new Question(this);
        question.Begin(_questions.Next);
        _questions.Add(question);
        return question;
    }

    private static PipelinedCapability[] TakePipelined(Question question)
    {
        if (question.Pipelined is not { Count: > 0 } pipelined)
        {
            return [];
        }

        question.Pipelined = null;
        return [.. pipelined];
    }

    // Under the lock: says how the call ended, to the peer and to what waits for its results here.
    private Settlement Settle(Answer answer, OutgoingFrame? results, IpcException? failure)
    {
        var urgency = SendQueue.Urgency.Now;
        answer.IsReturned = true;
        if (_broken is not null)
        {
            failure ??= AfterDisconnect(_broken);
        }
        else if (answer.IsFinished)
        {
            failure ??= new IpcException("The call was cancelled.");
            _answers.Remove(answer.Id);
            _places -= answer.Pipelined.Count;
            Enqueue(ProtocolWriter.ReturnCanceled(answer.Id));
        }
        else if (answer.KeepsResults)
        {
            Enqueue(ProtocolWriter.ReturnElsewhere(answer.Id));
        }
        else if (failure is null && results is not null)
        {
            Enqueue(results, urgency = UrgencyOf(_answers.Count));
        }
        else
        {
            failure ??= new IpcException("The call has no results.");
            Enqueue(ProtocolWriter.ReturnFailure(answer.Id, failure));
        }

        answer.Failure = failure;
        var content = failure is null ? answer.KeptContent : default;
        List<(QueuedCapability Promise, Capability Target)> promises = [];
        foreach (var (path, promise) in answer.Pipelined)
        {
            promise.AddReference();
            promises.Add((promise, failure is null ? CapabilityTable.At(content, path) : new BrokenCapability(failure)));
        }

        return new Settlement(promises, answer.Consumer, _broken is not null || answer.IsFinished, urgency);
    }

    // Under no lock: calls that waited for the results go where they belong.
    private void Settled(Answer answer, Settlement settlement)
    {
        foreach (var (promise, target) in settlement.Promises)
        {
            promise.Resolve(target);
            promise.Release();
        }

        if (settlement.Consumer is not null)
        {
            Consume(answer, settlement.Consumer);
        }

        if (settlement.IsForgotten)
        {
            Held held;
            lock (_gate)
            {
                held = answer.TakeHeld();
            }

            held.Release();
        }
    }

    // Results of a call of the peer that was executed here are those of a call of ours.
    private void Consume(Answer answer, Question question)
    {
        CallResponse? response = null;
        IpcException? failure;
        lock (_gate)
        {
            if (question.State != Question.Phase.Sent)
            {
                EndQuestion(question); // given up meanwhile
                question.SetEnded();
                return;
            }

            failure = answer.Failure;
            if (failure is null && answer.Kept is { } kept)
            {
                kept.AddHolder();
                question.Content = answer.KeptContent;
                CapabilityTable.AddReferences(kept.Message.Capabilities);
                question.OnFinished = kept.Release;
                response = question.Fill(kept.Message.Capabilities, kept.Size);
            }
            else
            {
                failure ??= new IpcException("The results were let go before they were taken.");
            }

            SetReturned(question, failure);
        }

        Announce(question, response, failure);
    }

    // Under the lock: the question has its answer; promises made of it become what is there.
    private void SetReturned(Question question, IpcException? failure)
    {
        question.State = Question.Phase.Returned;
        question.Failure = failure;
        foreach (var promise in TakePipelined(question))
        {
            promise.Resolve(failure is null
                ? WithEmbargo(promise, CapabilityTable.At(question.Content, promise.Path))
                : new BrokenCapability(failure));
        }

        if (failure is not null)
        {
            EndQuestion(question);
        }
    }

    // The response was let go: the peer may forget the call. Under no lock.
    internal void Finish(Question question)
    {
        lock (_gate)
        {
            EndQuestion(question);
        }
    }

    // The number is free again; the peer is told unless it has forgotten the call already.
    private void EndQuestion(Question question)
    {
        if (_broken is not null || question.State == Question.Phase.Gone)
        {
            return;
        }

        if (question.State != Question.Phase.FinishSent && !question.NoFinishNeeded)
        {
            Later(ProtocolWriter.Finish(question.Id, releaseResultCaps: false));
            _questions.Vacate(question.Id);
            _finishing.Enqueue((question.Id, _laterPut)); // a call must not take its number and go before it
        }
        else
        {
            _questions.Remove(question.Id);
        }

        question.State = Question.Phase.Gone;
    }

    private void Later(MessageBuilder message)
    {
        _laterPut++;
        Enqueue(message, SendQueue.Urgency.Whenever);
    }

    private static void Announce(Question question, CallResponse? response, IpcException? failure)
    {
        question.SetEnded();
        if (response is not null)
        {
            question.Succeed(response);
        }
        else if (failure is not null)
        {
            question.Fail(failure);
        }
    }

    private static IpcException TooManyPromises() =>
        new(IpcErrorKind.Overloaded, "Too many promises on this connection.");

    private static IpcException TooManyCapabilities() =>
        new(IpcErrorKind.Overloaded, "Too many capabilities on this connection.");

    /// <summary>What is left to do, under no lock, when a call of the peer has ended.</summary>
    private sealed record Settlement(
        List<(QueuedCapability Promise, Capability Target)> Promises, Question? Consumer, bool IsForgotten, SendQueue.Urgency Urgency);
}
