using Dash.Rpc.Methods;

namespace Dash.Node.Rpc;

/// <summary>A method that the node serves itself.</summary>
internal sealed class NodeMethod(string category, string name, string description)
    : RpcMethod<NodeCall>(category, name, description);
