using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Support;

internal static class TesterMethods
{
    internal const ulong Interface = 0xa1b2c3d4e5f60718;

    internal static readonly ProxyMethod Destroy = new(Interface, 0, "Tester", "destroy", 0, 1, 0, 0, 0);
    internal static readonly ProxyMethod Add = new(Interface, 1, "Tester", "add", 2, 1, 1, 0, 0);
    internal static readonly ProxyMethod Fail = new(Interface, 2, "Tester", "fail", 0, 2, 0, 0, 0);
    internal static readonly ProxyMethod Nest = new(Interface, 3, "Tester", "nest", 1, 2, 1, 0, 0);
    internal static readonly ProxyMethod Make = new(Interface, 4, "Tester", "make", 0, 1, 0, 1, 0);
    internal static readonly ProxyMethod Wait = new(Interface, 5, "Tester", "wait", 0, 1, 0, 0, 0);
    internal static readonly ProxyMethod GiveBack = new(Interface, 6, "Tester", "giveBack", 0, 2, 0, 1, 0);
    internal static readonly ProxyMethod Quick = new(Interface, 7, "Tester", "quick", 0, 0, 1, 0, -1);
    internal static readonly ProxyMethod Echo = new(Interface, 8, "Tester", "echo", 0, 2, 0, 1, 0)
    {
        Params = [new("data", ProxyFieldKind.Data, 1)],
        Results = [new("result", ProxyFieldKind.Data, 0)],
    };

    internal static readonly ProxyMethod[] All = [Destroy, Add, Fail, Nest, Make, Wait, GiveBack, Quick, Echo];
}
