using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Interfaces.Tests;

/// <summary>Ids, numbers and sizes that processes of other makers rely on.</summary>
public sealed class WireIdentityTests
{
    [Fact]
    public void Init_is_upstreams()
    {
        Is(new ProxyMethod(0x8838c700ba5cba65, 1, "Init", "makeEcho", 0, 1, 0, 1, 0), InitMethods.MakeEcho);
        Is(new ProxyMethod(0x8838c700ba5cba65, 4, "Init", "makeRpc", 0, 1, 0, 1, 0), InitMethods.MakeRpc);
    }

    [Fact]
    public void Echo_is_upstreams()
    {
        Is(new ProxyMethod(0xd36b89640dc94399, 0, "Echo", "destroy", 0, 1, 0, 0, 0), EchoMethods.Destroy);
        Is(new ProxyMethod(0xd36b89640dc94399, 1, "Echo", "echo", 0, 2, 0, 1, 0), EchoMethods.Echo);
    }

    [Fact]
    public void Rpc_is_upstreams() => Is(new ProxyMethod(0xacb1d37f0a713129, 0, "Rpc", "executeRpc", 0, 4, 0, 1, 0), RpcMethods.ExecuteRpc);

    [Fact]
    public void Handler_is_upstreams()
    {
        Is(new ProxyMethod(0xea08728d34263f55, 0, "Handler", "destroy", 0, 1, 0, 0, 0), HandlerMethods.Destroy);
        Is(new ProxyMethod(0xea08728d34263f55, 1, "Handler", "disconnect", 0, 1, 0, 0, 0), HandlerMethods.Disconnect);
    }

    [Fact]
    public void BlockRef_is_upstreams()
    {
        Assert.Equal(0xb3be4b8949350369, BlockRef.TypeId);
        Assert.Equal((1, 1), (BlockRef.Builder.DataWords, BlockRef.Builder.PointerCount));
    }

    // What logs are told of the fields is ours.
    private static void Is(ProxyMethod expected, ProxyMethod actual) =>
        Assert.Equal(expected, actual with { Params = expected.Params, Results = expected.Results, Waits = false });
}
