using System.Globalization;
using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// How logs name a method of an object: <c>Echo#3.echo</c>, where 3 is the object's number on its connection, the same at both
/// ends; or the method's numbers if it is unknown. Made to text only when a line is written.
/// </summary>
internal readonly struct CallName(ProxyMethod? method, CallContext? call, uint? number)
{
    public override string ToString()
    {
        var which = number is { } known ? string.Create(CultureInfo.InvariantCulture, $"#{known}") : "";
        return method is not null
            ? $"{method.InterfaceName}{which}.{method.MethodName}"
            : string.Create(CultureInfo.InvariantCulture, $"0x{call?.InterfaceId:x}{which}.{call?.MethodId}");
    }
}
