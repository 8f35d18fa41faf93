using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;

namespace Dash.Ipc.Multiprocess;

/// <summary>A call that a generated server executes. Good until the server's dispatch ends.</summary>
public sealed class ProxyCall
{
    private readonly CallContext _call;

    internal ProxyCall(CallContext call, ProxyConnection connection)
    {
        _call = call;
        Connection = connection;
    }

    /// <summary>The parameters.</summary>
    /// <exception cref="IpcFormatException">The caller sent no struct.</exception>
    public StructReader Params => _call.ParamsPointer.GetStruct();

    /// <summary>The connection the call came over.</summary>
    public ProxyConnection Connection { get; }

    /// <summary>Makes the result struct, to be filled in. A call that never asks for it has an empty one.</summary>
    public StructBuilder InitResults(ushort dataWords, ushort pointers) => _call.ResultsPointer.InitStruct(dataWords, pointers);
}
