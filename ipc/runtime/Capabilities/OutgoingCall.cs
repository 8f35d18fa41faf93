using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Capabilities;

/// <summary>
/// A call being made: its parameters are written straight into the message that will carry them, so sending copies
/// nothing. Owns one reference to each capability in the parameters.
/// </summary>
internal sealed class OutgoingCall
{
    // rpc.capnp: Message is 1 word / 1 pointer, Call 3/3, Payload 0/2. The connection fills in the rest.
    private const int CallTag = 2;

    // Words of the first segment: 8 KiB.
    private const int UsualMessage = 1023;

    internal OutgoingCall(ulong interfaceId, ushort methodId)
    {
        InterfaceId = interfaceId;
        MethodId = methodId;
        Message = MessagePool.Rent(UsualMessage);
        var root = Message.Root.InitStruct(1, 1);
        root.SetUInt16(0, CallTag);
        var call = root.GetPointer(0).InitStruct(3, 3);
        call.SetUInt16(2, methodId);
        call.SetUInt64(1, interfaceId);
        call.GetPointer(1).InitStruct(0, 2);
    }

    internal ulong InterfaceId { get; }

    internal ushort MethodId { get; }

    /// <summary>Whether it may be given up when its answer takes too long.</summary>
    internal bool HasDeadline { get; init; }

    /// <summary>Whether nothing in it, and in its results, is a secret.</summary>
    internal bool IsPublic
    {
        get => Message.IsPublic;
        init => Message.IsPublic = value;
    }

    /// <summary>The whole message, of which <see cref="Content"/> is a part.</summary>
    internal MessageBuilder Message { get; }

    /// <summary>The part that says what is called.</summary>
    internal StructBuilder Call => Message.Root.GetStruct(1, 1).GetPointer(0).GetStruct(3, 3);

    /// <summary>Parameters and capability table.</summary>
    internal StructBuilder Payload => Call.GetPointer(1).GetStruct(0, 2);

    /// <summary>Where the parameter struct goes.</summary>
    internal PointerBuilder Content => Payload.GetPointer(0);

    /// <summary>Takes the parameters of another call, capabilities included.</summary>
    internal void CopyParams(CallContext from)
    {
        Content.SetFrom(from.ParamsPointer);
        CapabilityTable.AddReferences(Message.Capabilities);
    }

    /// <summary>Gives the call up before it was sent, or after it was executed in this process.</summary>
    internal void Discard()
    {
        CapabilityTable.Release(Message.Capabilities);
        Message.Dispose();
    }
}
