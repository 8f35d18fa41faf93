using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Support;

internal sealed class TesterClient(Capability target, ProxyConnection connection)
    : ProxyClient(target, connection, TesterMethods.Destroy), ITester
{
    public ValueTask<long> AddAsync(long a, long b, CancellationToken ct) => CallAsync(
        TesterMethods.Add,
        (a, b),
        static (p, args, _) =>
        {
            p.SetInt64(0, args.a);
            p.SetInt64(1, args.b);
        },
        static (r, _) => r.GetInt64(0),
        ct);

    public async ValueTask FailAsync(string kind, CancellationToken ct) => await CallAsync(
        TesterMethods.Fail, kind, static (p, args, _) => p.GetPointer(1).SetText(args), static (_, _) => 0, ct);

    public ValueTask<long> NestAsync(long depth, ITester? peer, CancellationToken ct) => CallAsync(
        TesterMethods.Nest,
        (depth, peer),
        static (p, args, connection) =>
        {
            p.SetInt64(0, args.depth);
            p.GetPointer(1).SetCapability(connection.Export(args.peer, static (o, c) => new TesterServer(o, c)));
        },
        static (r, _) => r.GetInt64(0),
        ct);

    public ValueTask<ITester> MakeAsync(CancellationToken ct) => CallAsync<int, ITester>(
        TesterMethods.Make,
        0,
        static (_, _, _) => { },
        static (r, connection) =>
            connection.Import<ITester>(r.GetPointer(0).GetCapability(), static (cap, c) => new TesterClient(cap, c))
            ?? throw new IpcException("no result"),
        ct);

    public async ValueTask WaitAsync(CancellationToken ct) =>
        await CallAsync(TesterMethods.Wait, 0, static (_, _, _) => { }, static (_, _) => 0, ct);

    public ValueTask<ITester?> GiveBackAsync(ITester? tester, CancellationToken ct) => CallAsync(
        TesterMethods.GiveBack,
        tester,
        static (p, args, connection) =>
            p.GetPointer(1).SetCapability(connection.Export(args, static (o, c) => new TesterServer(o, c))),
        static (r, connection) =>
            connection.Import<ITester>(r.GetPointer(0).GetCapability(), static (cap, c) => new TesterClient(cap, c)),
        ct);

    public ValueTask<long> QuickAsync(CancellationToken ct) =>
        CallAsync(TesterMethods.Quick, 0, static (_, _, _) => { }, static (r, _) => r.GetInt64(0), ct);

    public ValueTask<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken ct) => CallAsync(
        TesterMethods.Echo,
        data,
        static (p, args, _) => p.GetPointer(1).SetData(args.Span),
        static (r, _) => r.GetPointer(0).GetData(),
        ct);
}
