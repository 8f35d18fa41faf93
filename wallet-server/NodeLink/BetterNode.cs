using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Looks for a node that has what wallets wait for at the one they follow, among the other addresses: a node that is behind is no
/// reason to wait where one that is not behind is there. Looks only while somebody waits.
/// </summary>
internal sealed class BetterNode
{
    // A node that has not got the blocks has them a moment later, or much later; asking costs a connection.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WrongChainPause = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IpcAddress> _addresses;
    private readonly ChainParams _chain;
    private readonly DialNode _dial;
    private readonly INodeChoice _choice;
    private readonly TimeProvider _time;

    /// <summary>Looks at these, in this order.</summary>
    public BetterNode(IReadOnlyList<IpcAddress> addresses, ChainParams chain, DialNode dial, INodeChoice choice, TimeProvider time)
    {
        _addresses = addresses;
        _chain = chain;
        _dial = dial;
        _choice = choice;
        _time = time;
    }

    /// <summary>Returns with a node that has what the wallets wait for; the caller disposes it.</summary>
    /// <param name="followed">The address of the one they follow.</param>
    /// <param name="ct">Ends it; nothing stays connected then.</param>
    public async Task<NodeSession> FindAsync(string followed, CancellationToken ct)
    {
        AddressRace<NodeSession> race = new([.. _addresses.Where(address => address.ToString() != followed)], OpenAsync, _time)
        {
            DelayAfter = static refused => refused switch
            {
                LacksBlocksException => Pause,
                WrongChainException => WrongChainPause,
                _ => null,
            },
        };
        while (true)
        {
            await _choice.UnservedAsync(true, ct).ConfigureAwait(false);
            using var search = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var served = _choice.UnservedAsync(false, search.Token);
            var finding = race.RunAsync(search.Token);
            await Task.WhenAny(served, finding).ConfigureAwait(false);
            await search.CancelAsync().ConfigureAwait(false);
            await served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)finding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!finding.IsCanceled)
            {
                var found = await finding.ConfigureAwait(false);
                if (!served.IsCompletedSuccessfully && !ct.IsCancellationRequested)
                {
                    return found;
                }

                await found.DisposeAsync().ConfigureAwait(false);
            }

            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task<NodeSession> OpenAsync(IpcAddress address, CancellationToken ct)
    {
        var session = await NodeFinder.OpenAsync(address, _dial, _chain, ct).ConfigureAwait(false);
        try
        {
            return await _choice.IsServedByAsync(session, ct).ConfigureAwait(false) ? session : throw new LacksBlocksException();
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
