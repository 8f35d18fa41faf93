using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Support;

internal sealed class TesterServer(ITester target, ProxyConnection connection) : ProxyServer(target, connection)
{
    protected override ProxyMethod? FindMethod(ulong interfaceId, ushort methodId) =>
        interfaceId == TesterMethods.Interface && methodId < TesterMethods.All.Length ? TesterMethods.All[methodId] : null;

    protected override async ValueTask DispatchAsync(
        ulong interfaceId, ushort methodId, ProxyCall call, CancellationToken ct)
    {
        if (interfaceId != TesterMethods.Interface)
        {
            throw IpcException.UnknownInterface("tester.capnp:Tester", interfaceId);
        }

        var p = call.Params;
        switch (methodId)
        {
            case 1:
                var sum = await target.AddAsync(p.GetInt64(0), p.GetInt64(1), ct);
                call.InitResults(1, 0).SetInt64(0, sum);
                break;
            case 2:
                await target.FailAsync(p.GetPointer(1).GetText(), ct);
                break;
            case 3:
                var peer = Import(p.GetPointer(1).GetCapability());
                var depth = await target.NestAsync(p.GetInt64(0), peer, ct);
                call.InitResults(1, 0).SetInt64(0, depth);
                break;
            case 4:
                var made = await target.MakeAsync(ct);
                call.InitResults(0, 1).GetPointer(0).SetCapability(
                    Connection.Export(made, static (o, c) => new TesterServer(o, c)));
                break;
            case 5:
                await target.WaitAsync(ct);
                break;
            case 6:
                var same = await target.GiveBackAsync(Import(p.GetPointer(1).GetCapability()), ct);
                call.InitResults(0, 1).GetPointer(0).SetCapability(
                    Connection.Export(same, static (o, c) => new TesterServer(o, c)));
                if (same is TesterClient client)
                {
                    client.LetGo();
                }

                break;
            case 7:
                var count = await target.QuickAsync(ct);
                call.InitResults(1, 0).SetInt64(0, count);
                break;
            case 8:
                var data = await target.EchoAsync(p.GetPointer(1).GetData(), ct);
                call.InitResults(0, 1).GetPointer(0).SetData(data.Span);
                break;
            default:
                throw IpcException.UnknownMethod("tester.capnp:Tester", interfaceId, methodId);
        }
    }

    private ITester? Import(Dash.Ipc.Layout.CapabilityHandle? cap) =>
        Connection.Import<ITester>(cap, static (target, c) => new TesterClient(target, c));
}
