using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Rpc;

/// <summary>The state towards the node as answers show it.</summary>
internal static class NodeStatusJson
{
    /// <summary>Its declaration.</summary>
    public static RpcResult Result { get; } = Dash.Rpc.Methods.Result.Obj("node", "How it stands towards the node.",
        Dash.Rpc.Methods.Result.Str("state", "\"connected\", \"catching up\", \"disconnected\" or \"wrong chain\"."),
        Dash.Rpc.Methods.Result.Str("waiting", "What is waited for, unless it is connected.", optional: true));

    /// <summary>Writes the member <c>node</c>.</summary>
    public static void WriteNodeStatus(this Utf8JsonWriter writer, NodeStatus status)
    {
        writer.WriteStartObject("node");
        writer.WriteString("state", status.Name);
        if (status.Reason is { } reason)
        {
            writer.WriteString("waiting", reason);
        }

        writer.WriteEndObject();
    }
}
