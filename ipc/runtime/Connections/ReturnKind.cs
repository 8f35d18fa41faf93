namespace Dash.Ipc.Connections;

/// <summary>How a call ended: rpc.capnp, union of <c>Return</c>.</summary>
internal enum ReturnKind : ushort
{
    Results = 0,
    Exception = 1,
    Canceled = 2,
    ResultsSentElsewhere = 3,
    TakeFromOtherQuestion = 4,
}
