using Dash.Common.Hosting;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>A process that a <see cref="WalletKeeper"/> starts again when it has ended.</summary>
internal interface IKeptProcess : IAsyncDisposable
{
    /// <summary>Completes when it has ended, with what ended it. Never fails.</summary>
    public Task<string> Ended { get; }
}

/// <summary>
/// The wallet process that the node starts, as dashd has its wallet inside: it gets the chain and a place in the RPC table,
/// and lives no longer than the node.
/// </summary>
internal sealed class WalletProcess : IKeptProcess
{
    // On a busy machine; one that has died is noticed at once.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    // One that has ended is seen to have ended; this is for one that has closed its end first, or was found silent.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _child;
    private readonly ProxyConnection _connection;
    private readonly ILogger _log;
    private volatile bool _isDisposed;

    private WalletProcess(ChildProcess child, ProxyConnection connection, ILogger log)
    {
        (_child, _connection, _log) = (child, connection, log);
        Ended = EndAsync();
    }

    /// <inheritdoc/>
    public Task<string> Ended { get; }

    /// <summary>Starts the program and returns when its wallets are loaded.</summary>
    /// <exception cref="StartupException">It cannot be started, or says why it cannot serve.</exception>
    public static async Task<WalletProcess> StartAsync(
        string path,
        IReadOnlyList<string> arguments,
        Func<IChainFeed> makeFeed,
        WalletHostService host,
        IpcOptions ipc,
        ILogger log,
        CancellationToken ct)
    {
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(path, arguments, ipc.Logger);
        }
        catch (IOException e)
        {
            throw new StartupException(e.Message, e);
        }

        Log.WalletStarted(log, child.ProcessId);
        var connection = ProxyConnection.Open(
            child.Transport, home => new NodeInitServer(new NodeInit(makeFeed, host), home),
            ipc with { Limits = ipc.Limits with { FirstAnswerTimeout = LongestStart } });
        WalletProcess process = new(child, connection, log);
        try
        {
            await Task.WhenAny(host.Ready, child.Exited).WaitAsync(ct);
            if (host.Ready.IsCompleted)
            {
                var error = await host.Ready;
                return error.Length == 0 ? process : throw new StartupException(error);
            }

            // With that status it has printed its reason, on the same stream as ours would be.
            var exit = await child.Exited;
            throw new StartupException($"The wallet process {exit}") { IsTold = exit.Code == 1 };
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process: its connection closes, upon which it stores what it has and goes.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _connection.DisposeAsync();
        await _child.DisposeAsync();
    }

    // Without its connection it is of no use to the node, and it ends by itself unless it hangs: then it is ended, since another may not
    // have its wallets before.
    private async Task<string> EndAsync()
    {
        await Task.WhenAny(_child.Exited, _connection.Completion);
        await Task.WhenAny(_child.Exited, Task.Delay(LongestEnd, TimeProvider.System));
        if (!_child.Exited.IsCompleted && !_isDisposed)
        {
            Log.WalletHangs(_log, _child.ProcessId);
            await _child.DisposeAsync();
        }

        var exit = await _child.Exited;
        return exit.ToString();
    }
}
