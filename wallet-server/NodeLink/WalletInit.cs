using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;

namespace Dash.WalletServer.NodeLink;

/// <summary>The first object for whoever attaches to this process: its methods, and what answers them.</summary>
/// <param name="dispatcher">Answers.</param>
/// <param name="commands">The methods that a node passes on.</param>
internal sealed class WalletInit(RpcDispatcher dispatcher, IReadOnlyList<Command> commands) : IWalletInit
{
    private readonly LongAnswers _answers = new(TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Command>> CommandsAsync(CancellationToken ct) => ValueTask.FromResult(commands);

    /// <inheritdoc/>
    public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => ValueTask.FromResult<IEcho>(new Echo());

    /// <inheritdoc/>
    public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => ValueTask.FromResult<IRpc>(new WalletRpc(dispatcher, _answers));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Echo : IEcho
    {
        public ValueTask<string> EchoAsync(string echo, CancellationToken ct) => ValueTask.FromResult(echo);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
