using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// How logs name a method: <c>Echo.echo</c>, or its numbers if it is unknown. Made to text only when a line is
/// written.
/// </summary>
internal readonly struct CallName(ProxyMethod? method, CallContext? call)
{
    public override string ToString() =>
        method is not null ? $"{method.InterfaceName}.{method.MethodName}" : $"0x{call?.InterfaceId:x}.{call?.MethodId}";
}
