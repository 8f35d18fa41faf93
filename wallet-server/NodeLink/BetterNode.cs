using Dash.Ipc.Transports;
using Dash.Primitives.Networks;

namespace Dash.WalletServer.NodeLink;

/// <summary>What wallets think of the nodes they could follow.</summary>
internal interface INodeChoice
{
    /// <summary>A wallet waits for what the node that is followed lacks: blocks, or a chain that is the wallet's.</summary>
    public bool IsHeldBack { get; }

    /// <summary>Has this node what they wait for?</summary>
    public Task<bool> SuitsAsync(NodeSession other, CancellationToken ct);
}

/// <summary>
/// While wallets wait for the node they follow, looks at the other addresses now and then: a node that is behind is no reason to wait
/// where one that is not behind is there.
/// </summary>
internal sealed class BetterNode
{
    // Who waits for blocks often has them in a moment; a try costs a connection.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A node that is there answers within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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

    /// <summary>Returns with a node that has what the wallets wait for at the one they follow; the caller disposes it.</summary>
    /// <param name="followed">The address of the one they follow.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<NodeSession> FindAsync(string followed, CancellationToken ct)
    {
        while (true)
        {
            // Twice: blocks that are only being exchanged for others are no reason to go.
            var wasHeldBack = _choice.IsHeldBack;
            await Task.Delay(Interval, _time, ct).ConfigureAwait(false);
            foreach (var address in _addresses.Where(address => address.ToString() != followed))
            {
                if (wasHeldBack && _choice.IsHeldBack && await TryAsync(address, ct).ConfigureAwait(false) is { } better)
                {
                    return better;
                }
            }
        }
    }

    private async Task<NodeSession?> TryAsync(IpcAddress address, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        NodeSession? session = null;
        var isTaken = false;
        try
        {
            session = await _dial(address, either.Token).ConfigureAwait(false);
            await session.IdentifyAsync(_chain, either.Token).ConfigureAwait(false);
            isTaken = await _choice.SuitsAsync(session, either.Token).ConfigureAwait(false);
            return isTaken ? session : null;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return null; // there is none, or it hangs; who looks for it when the one that is followed is gone says why
        }
        finally
        {
            if (!isTaken && session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
