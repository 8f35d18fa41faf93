using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Primitives.Blocks;

namespace Dash.Node.Net.Blocks;

/// <summary>Hands blocks of peers to validation, and remembers whom to blame or to thank for them. Message loop only.</summary>
internal sealed class BlockIntake(BlockSync sync, Validation validation, Misbehavior misbehavior, CompactSources compactSources, EarlyAnnouncer early)
{
    // Blocks that are stored and not yet tried; more are only missing a parent for long.
    private const int MaxSources = 4096;

    private readonly Dictionary<BlockHash, (Peer Peer, bool IsCompact)> _sources = [];

    /// <summary>Submits a block.</summary>
    /// <param name="peer">Who sent it.</param>
    /// <param name="block">The block.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="isRequested">Whether it was asked for.</param>
    /// <param name="isCompact">Whether it was put together from a compact block.</param>
    /// <param name="ct">Gives up waiting for validation.</param>
    public async ValueTask SubmitAsync(
        Peer peer, Block block, ReadOnlyMemory<byte> data, bool isRequested, bool isCompact, CancellationToken ct)
    {
        if (_sources.Count >= MaxSources)
        {
            _sources.Clear();
        }

        _sources.TryAdd(block.Hash, (peer, isCompact));
        var verdict = await early.WaitAsync(() => validation.PostAsync(
            (chainstate, stop) => chainstate.SubmitBlock(block, data, isRequested, isDurable: false, stop), ct)).ConfigureAwait(false);
        if (verdict is { IsRefused: true } && (verdict.Node is null || !verdict.Tried.ContainsKey(verdict.Node)))
        {
            Judge(block.Hash, verdict.State!.Value); // refused, so there is a state
        }

        foreach (var (node, state) in verdict.Tried)
        {
            Judge(node.Hash, state);
        }

        if (verdict.IsNew)
        {
            peer.LastBlock = sync.Now;
        }
        else
        {
            _sources.Remove(block.Hash);
        }
    }

    private void Judge(BlockHash hash, ValidationState state)
    {
        if (!_sources.Remove(hash, out var source))
        {
            return;
        }

        if (state.IsInvalid)
        {
            misbehavior.ReportBlock(source.Peer, state, source.IsCompact);
        }
        else if (!sync.Chainstate.IsInitialBlockDownload && (sync.InFlight.Count == 0 || (sync.InFlight.Count == 1 && sync.InFlight.Contains(hash))))
        {
            compactSources.Thank(source.Peer);
        }
    }
}
