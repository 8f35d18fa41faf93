using Dash.Ipc.Capabilities;
namespace Dash.Ipc.Interfaces.Tests.Support;

/// <summary>What a node offers first.</summary>
internal sealed class FakeNode(IChainFeed feed) : INodeInit
{
    public bool Disposed { get; private set; }

    public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => new(new FakeEcho());

    public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => new(new FakeRpc());

    public ValueTask<IChainFeed> MakeChainFeedAsync(CancellationToken ct) => new(feed);

    public ValueTask<IWalletHost> MakeWalletHostAsync(CancellationToken ct) =>
        throw new InvalidOperationException("not the process that was started");

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return default;
    }

    private sealed class FakeEcho : IEcho
    {
        public ValueTask<string> EchoAsync(string echo, CancellationToken ct) => new(echo);

        public ValueTask DisposeAsync() => default;
    }

    private sealed class FakeRpc : IRpc
    {
        public ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
            ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct) =>
            throw IpcException.UnknownInterface("rpc.capnp:Rpc", 0);

        public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
            new($"{user}@{uri}: {request}");

        public ValueTask DisposeAsync() => default;
    }
}
