using Dash.Ipc.Layout;

namespace Dash.Ipc.Capabilities;

/// <summary>
/// A call being executed, from the callee's side. Its parameters live until it is completed, by exactly one of
/// <see cref="Complete"/> and <see cref="Fail"/>.
/// </summary>
internal abstract class CallContext
{
    private protected CallContext(ulong interfaceId, ushort methodId)
    {
        InterfaceId = interfaceId;
        MethodId = methodId;
    }

    internal ulong InterfaceId { get; }

    internal ushort MethodId { get; }

    /// <summary>
    /// Whether nothing in parameters and results is a secret, as whoever knows the method says before it runs; else what they were
    /// in is wiped.
    /// </summary>
    internal bool IsPublic { get; set; }

    /// <summary>The parameter struct, not followed yet: it may be ill-formed.</summary>
    internal abstract PointerReader ParamsPointer { get; }

    /// <summary>Where the result struct goes. The results own one reference to each capability in them.</summary>
    internal abstract PointerBuilder ResultsPointer { get; }

    /// <summary>Capabilities in the results.</summary>
    internal abstract IList<CapabilityHandle?> ResultCapabilities { get; }

    /// <summary>Size of the message that brought the call, in bytes; 0 if none did.</summary>
    internal abstract int ParamsSize { get; }

    /// <summary>Size of the results so far, in bytes.</summary>
    internal abstract int ResultsSize { get; }

    /// <summary>Cancelled when the caller gave up or is gone.</summary>
    internal abstract CancellationToken Cancelled { get; }

    /// <summary>Takes the results of another call, capabilities included.</summary>
    internal void CopyResults(CallResponse from)
    {
        ResultsPointer.SetFrom(from.Content);
        CapabilityTable.AddReferences(ResultCapabilities);
    }

    /// <summary>Overwrites the parameters as they were received: they held a secret, and the call has ended.</summary>
    internal virtual void WipeParams()
    {
    }

    /// <summary>Answers with the results.</summary>
    internal abstract void Complete();

    /// <summary>Answers that the call failed; results written so far are dropped.</summary>
    internal abstract void Fail(IpcException failure);
}
