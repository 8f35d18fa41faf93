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

    private readonly ChildProcess _child;
    private readonly ProxyConnection _connection;

    private WalletProcess(ChildProcess child, ProxyConnection connection)
    {
        _child = child;
        _connection = connection;
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
        WalletProcess process = new(child, connection);
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
        await _connection.DisposeAsync();
        await _child.DisposeAsync();
    }

    private async Task<string> EndAsync()
    {
        var exit = await _child.Exited;
        return exit.ToString();
    }
}
