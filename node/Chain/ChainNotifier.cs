using Dash.Common.Hosting;
using Dash.Common.Logging;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>Runs the user's command for each new tip (<c>-blocknotify</c>), not while the node is catching up.</summary>
internal sealed class ChainNotifier(Chainstate chainstate, string command, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);

    /// <summary>Follows the chain until cancelled. Commands run beside each other; none is waited for but at the end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var news = chainstate.Events.Subscribe();
        var running = new List<Task>();
        try
        {
            while (await news.ReadAsync(ct).ConfigureAwait(false) is { } item)
            {
                running.RemoveAll(static task => task.IsCompleted);
                if (item.Event is ChainEvent.BlockConnected connected && !chainstate.IsInitialBlockDownload)
                {
                    var filled = command.Replace("%s", connected.Node.Hash.ToString(), StringComparison.Ordinal);
                    running.Add(ShellCommand.RunAsync(filled, _log, CancellationToken.None));
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end of following.
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }
}
