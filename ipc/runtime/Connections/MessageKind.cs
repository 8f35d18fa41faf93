namespace Dash.Ipc.Connections;

/// <summary>The messages of the protocol: rpc.capnp, union of <c>Message</c>. Others are answered as unimplemented.</summary>
internal enum MessageKind : ushort
{
    Unimplemented = 0,
    Abort = 1,
    Call = 2,
    Return = 3,
    Finish = 4,
    Resolve = 5,
    Release = 6,
    Bootstrap = 8,
    Disembargo = 13,
}
