namespace Dash.Ipc.Connections;

/// <summary>Who hosts a capability that is sent: rpc.capnp, union of <c>CapDescriptor</c>.</summary>
internal enum DescriptorKind : ushort
{
    None = 0,
    SenderHosted = 1,
    SenderPromise = 2,
    ReceiverHosted = 3,
    ReceiverAnswer = 4,
    ThirdPartyHosted = 5,
}
