using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Connections;

/// <summary>
/// Capabilities in messages: what the peer is told about ours, what its own become here. All under the lock.
/// </summary>
internal sealed partial class Connection
{
    /// <summary>Writes the descriptors of a payload's capabilities and counts them.</summary>
    /// <returns>The numbers of the exports among them, one for each time; null if there are none.</returns>
    private List<uint>? WriteTable(Payload.Builder payload, IList<CapabilityHandle?> capabilities)
    {
        if (capabilities.Count == 0)
        {
            return null;
        }

        List<uint>? exported = null;
        var table = payload.InitCapTable(capabilities.Count);
        for (var i = 0; i < capabilities.Count; i++)
        {
            if (WriteDescriptor(table[i], capabilities[i] as Capability) is { } id)
            {
                (exported ??= []).Add(id);
            }
        }

        return exported;
    }

    /// <returns>The number of the export that was counted, if it is one.</returns>
    private uint? WriteDescriptor(CapDescriptor.Builder descriptor, Capability? capability)
    {
        switch (capability?.Resolution)
        {
            case null:
                return null;
            case ImportedCapability import when import.Peer == this:
                import.Used = true;
                descriptor.ReceiverHosted = import.Id;
                return null;
            case PipelinedCapability { Question: Question question } promise when promise.Peer == this:
                promise.Used = true;
                ProtocolWriter.Write(descriptor.InitReceiverAnswer(), question.Id, promise.Path);
                return null;
            case var ours:
                var isPromise = !ours.WhenResolved.IsCompleted;
                var export = _exports.Add(ours, out var isNew);
                if (isPromise)
                {
                    descriptor.SenderPromise = export.Id;
                }
                else
                {
                    descriptor.SenderHosted = export.Id;
                }

                if (isPromise && isNew)
                {
                    // A continuation of a task never runs inside OnCompleted, so not under the lock.
                    ours.WhenResolved.GetAwaiter().OnCompleted(() => SendResolve(export));
                }

                return export.Id;
        }
    }

    /// <summary>The object's number on this connection, the same at both ends; null if it has none. For logs.</summary>
    internal uint? NumberOf(Capability capability)
    {
        var resolution = capability.Resolution;
        if (resolution is ImportedCapability import)
        {
            return import.Peer == this ? import.Id : null;
        }

        lock (_gate)
        {
            return _exports.NumberOf(resolution);
        }
    }

    // A promise that the peer holds was kept or broken. Under no lock.
    private void SendResolve(Export promise)
    {
        lock (_gate)
        {
            if (_broken is not null || _exports[promise.Id] != promise)
            {
                return;
            }

            if (promise.Capability.Resolution is BrokenCapability broken)
            {
                Enqueue(ProtocolWriter.ResolveFailure(promise.Id, broken.Reason));
                return;
            }

            var message = ProtocolWriter.ResolveTo(promise.Id, out var descriptor);
            WriteDescriptor(descriptor, promise.Capability);
            Enqueue(message);
        }
    }

    private static void WriteTarget(MessageTarget.Builder target, RemoteCapability capability)
    {
        capability.Used = true;
        switch (capability)
        {
            case ImportedCapability import:
                target.ImportedCap = import.Id;
                break;
            case PipelinedCapability { Question: Question question } promise:
                ProtocolWriter.Write(target.InitPromisedAnswer(), question.Id, promise.Path);
                break;
            default:
                throw new InvalidOperationException("The capability is none of this connection.");
        }
    }

    /// <summary>What a payload's descriptors stand for; the caller gets one reference to each.</summary>
    private CapabilityHandle?[] ReadTable(Payload.Reader payload)
    {
        var table = payload.CapTable;
        if (table.Count == 0)
        {
            return [];
        }

        if (table.Count > _limits.MaxCapabilities)
        {
            throw TooManyCapabilities();
        }

        var capabilities = new CapabilityHandle?[table.Count];
        for (var i = 0; i < capabilities.Length; i++)
        {
            capabilities[i] = ReadDescriptor(table[i]);
        }

        return capabilities;
    }

    private Capability? ReadDescriptor(CapDescriptor.Reader descriptor) => descriptor.Which switch
    {
        CapDescriptor.Which.None => null,
        CapDescriptor.Which.SenderHosted => Import(descriptor.SenderHosted, isPromise: false),
        CapDescriptor.Which.SenderPromise => Import(descriptor.SenderPromise, isPromise: true),
        CapDescriptor.Which.ReceiverHosted => _exports[descriptor.ReceiverHosted]?.Capability.AddReference()
            ?? new BrokenCapability(new IpcException("invalid 'receiverHosted' export ID")),
        CapDescriptor.Which.ReceiverAnswer => AnswerAt(descriptor.ReceiverAnswer)
            ?? new BrokenCapability(new IpcException("invalid 'receiverAnswer'")),

        // The vine: the sender itself passes calls on to the third party.
        CapDescriptor.Which.ThirdPartyHosted => Import(descriptor.ThirdPartyHosted.VineId, isPromise: false),
        _ => throw new IpcException("unknown CapDescriptor type"),
    };

    private ImportedCapability Import(uint id, bool isPromise)
    {
        if (_imports.TryGetValue(id, out var known) && known.TryAddReference())
        {
            known.RemoteReferences++;
            return known;
        }

        if (_imports.Count >= _limits.MaxCapabilities)
        {
            throw TooManyCapabilities();
        }

        // A known one that nobody holds any more is on its way out and gives back what it counted itself.
        var import = new ImportedCapability(this, id, isPromise) { RemoteReferences = 1 };
        _imports[id] = import;
        return import;
    }

    /// <summary>
    /// The capability at a place of the results of a call of the peer, answered or not; with a reference.
    /// </summary>
    private Capability? AnswerAt(PromisedAnswer.Reader promised)
    {
        if (!_answers.TryGetValue(promised.QuestionId, out var answer))
        {
            return null;
        }

        if (ProtocolReader.Path(promised) is not { } path)
        {
            return BrokenCapability.InvalidTransform();
        }

        foreach (var (known, waiting) in answer.Pipelined)
        {
            if (known.AsSpan().SequenceEqual(path))
            {
                return waiting.AddReference();
            }
        }

        if (answer.IsReturned)
        {
            return answer.Failure is null
                ? CapabilityTable.At(answer.KeptContent, path)
                : new BrokenCapability(answer.Failure);
        }

        if (_places >= _limits.MaxPromises)
        {
            throw TooManyPromises();
        }

        var promise = new QueuedCapability();
        answer.Pipelined.Add((path, promise));
        _places++;
        return promise.AddReference();
    }

    /// <summary>What a MessageTarget of the peer names; with a reference.</summary>
    private Capability FindTarget(MessageTarget.Reader target) => target.Which switch
    {
        MessageTarget.Which.ImportedCap => _exports[target.ImportedCap]?.Capability.AddReference()
            ?? throw new IpcException("Message target is not a current export ID."),
        MessageTarget.Which.PromisedAnswer => AnswerAt(target.PromisedAnswer) ?? new BrokenCapability(new IpcException(
            "Pipeline call on a request that returned no capabilities or was already closed.")),
        _ => throw new IpcException("Unknown message target."),
    };

    /// <summary>
    /// What a promise of the peer becomes. If that is an object of ours after all, calls sent by way of the peer are
    /// still
    /// under way to it: new ones wait until the peer says that those have passed.
    /// </summary>
    private Capability WithEmbargo(RemoteCapability promise, Capability target)
    {
        if (!promise.Used || target.Resolution is BrokenCapability
            || target.Resolution is RemoteCapability remote && remote.Peer == this)
        {
            return target;
        }

        var waiting = new QueuedCapability();
        var id = _embargoes.Add(new Embargo(waiting, target));
        var question = ProtocolWriter.SenderLoopback(id, out var place);
        WriteTarget(place, promise);
        Enqueue(question);
        return waiting.AddReference();
    }
}
