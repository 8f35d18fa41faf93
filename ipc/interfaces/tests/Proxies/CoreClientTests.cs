using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces.Tests.Support;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>What a program made for Core's node meets at ours: the first object's methods by upstream's numbers.</summary>
public sealed class CoreClientTests
{
    private const ulong Init = 0x8838c700ba5cba65;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_echoes_and_answers_rpc_and_says_of_mining_that_it_is_not_implemented()
    {
        var (here, there) = MemoryTransport.CreatePair();
        await using var server = ProxyConnection.Open(there, home => new NodeInitServer(new FakeNode(new FakeFeed(1)), home), new IpcOptions());
        await using var session = await IpcConnector.OverAsync(here, null, static (target, home) => new CoreClient(target, home), new IpcOptions(), Ct);

        await using (var echo = await session.Init.MakeAsync(1, static (target, home) => new EchoClient(target, home), Ct))
        {
            Assert.Equal("hello", await echo.EchoAsync("hello", Ct));
        }

        await using (var rpc = await session.Init.MakeAsync(4, static (target, home) => new RpcClient(target, home), Ct))
        {
            Assert.Equal("me@/wallet/w: {}", await rpc.ExecuteRpcAsync("{}", "/wallet/w", "me", Ct));
        }

        foreach (var mining in (ushort[])[2, 3])
        {
            var refused = await Assert.ThrowsAsync<IpcException>(
                () => session.Init.MakeAsync(mining, static (target, home) => new EchoClient(target, home), Ct).AsTask());
            Assert.Equal(IpcErrorKind.Unimplemented, refused.Kind);
            Assert.Contains($"Method not implemented.; interfaceName = init.capnp:Init; typeId = {Init}; methodId = {mining}", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_number_outside_an_enum_fails_that_call_alone()
    {
        var (here, there) = MemoryTransport.CreatePair();
        await using var server = ProxyConnection.Open(there, home => new WeatherServer(home), new IpcOptions());
        await using var session = await IpcConnector.OverAsync(here, null, static (target, home) => new CoreClient(target, home), new IpcOptions(), Ct);
        Assert.Equal("Rain", await session.Init.SayAsync(1, Ct));
        var refused = await Assert.ThrowsAsync<IpcException>(() => session.Init.SayAsync(99, Ct).AsTask());
        Assert.Equal((IpcErrorKind.Failed, "enum value 99 out of bound"), (refused.Kind, refused.Reason));
        Assert.Equal("Sun", await session.Init.SayAsync(0, Ct));
    }

    private enum Weather
    {
        Sun,
        Rain,
    }

    private sealed class CoreClient(Capability target, ProxyConnection connection) : ProxyClient(target, connection, null)
    {
        internal ValueTask<T> MakeAsync<T>(ushort ordinal, Func<Capability, ProxyConnection, T> makeClient, CancellationToken ct)
            where T : class => CallAsync<int, T>(
                new ProxyMethod(Init, ordinal, "Init", "make", 0, 1, 0, 1, 0),
                0,
                static (_, _, _) => { },
                (results, home) => home.Import(results.GetPointer(0).GetCapability(), makeClient) ?? throw new IpcException("nothing was made"),
                ct);

        internal ValueTask<string> SayAsync(int weather, CancellationToken ct) => CallAsync(
            WeatherServer.Say, weather, static (fields, args, _) => fields.SetInt32(0, args), static (fields, _) => fields.GetPointer(0).GetText(), ct);
    }

    // As libmultiprocess passes enums: as numbers, which a converter makes values of, or refuses.
    private sealed class WeatherServer(ProxyConnection connection) : ProxyServer(new object(), connection)
    {
        internal static readonly ProxyMethod Say = new(0x77, 0, "Weather", "say", 1, 0, 0, 1, -1);

        protected override ProxyMethod? FindMethod(ulong interfaceId, ushort methodId) => interfaceId == Say.InterfaceId ? Say : null;

        protected override ValueTask DispatchAsync(ulong interfaceId, ushort methodId, ProxyCall call, CancellationToken ct)
        {
            call.InitResults(0, 1).GetPointer(0).SetText(Convert(call.Params.GetInt32(0)).ToString());
            return ValueTask.CompletedTask;
        }

        private static Weather Convert(int number) => Enum.IsDefined((Weather)number)
            ? (Weather)number
            : throw new IpcFormatException($"enum value {number} out of bound");
    }
}
