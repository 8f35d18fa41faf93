using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Goes over the chain by BIP158's filters where the node keeps them (<c>-blockfilterindex</c>): only blocks that may concern
/// a wallet are fetched. A filter never says no where it should say yes. For one session; the loop's.
/// </summary>
/// <param name="session">The node.</param>
/// <param name="chain">Its network.</param>
/// <param name="patience">After so long a search stops at the block it has come to, so that what comes from the node meanwhile has its turn; null: 20 ms.</param>
internal sealed class FilterSearch(NodeSession session, ChainParams chain, TimeSpan? patience = null)
{
    // A filter of a full block has some ten kilobytes, one of an empty block ten bytes.
    private const uint BatchBytes = 1 << 20;

    // Every script is hashed for every block: with more of them, blocks are looked through faster than filters.
    private const int MostScripts = 100_000;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMilliseconds(20);

    // Of wallets as long as they are loaded.
    private readonly ConditionalWeakTable<Follower, KnownScripts> _scripts = [];
    private bool? _hasIndex;

    // Filters that were fetched and not looked at yet: behind that block, up to and with the last one.
    private Queue<FeedFilter> _ahead = [];
    private BlockPoint _aheadAfter = BlockPoint.None;
    private BlockHash _aheadLast;

    /// <summary>Can blocks be told apart by filters for these wallets?</summary>
    public async Task<bool> IsUsableAsync(BlockPoint after, IReadOnlyList<Follower> followers, CancellationToken ct)
    {
        try
        {
            _hasIndex ??= (await session.Feed.GetFiltersAsync(new BlockRef(after.Hash, after.Height), 1, ct).ConfigureAwait(false)).HasIndex;
        }
        catch (IpcException older) when (older.Kind == IpcErrorKind.Unimplemented)
        {
            _hasIndex = false;
        }

        return _hasIndex.Value && followers.All(static follower => follower.Snapshot.Scripts.Count <= MostScripts);
    }

    /// <summary>
    /// The blocks right behind one: those that cannot concern any of the wallets without their content, up to and with the
    /// first that may, or to the one at which patience ended. Empty where filters do not help: at the tip, off the active chain, past the end of the index, at a block
    /// that may and is not stored any more.
    /// </summary>
    /// <exception cref="FeedException">What the node says makes no sense.</exception>
    public async Task<IReadOnlyList<BlockFacts>> NextAsync(BlockPoint after, IReadOnlyList<Follower> followers, CancellationToken ct)
    {
        var searched = followers.ToImmutableDictionary(follower => follower.Snapshot.Scripts, follower => ScriptsOf(follower).Version);
        if (!await IsAheadAsync(after, ct).ConfigureAwait(false))
        {
            var (filters, _) = await session.Feed.GetFiltersAsync(
                new BlockRef(after.Hash, after.Height), BatchBytes, ct).ConfigureAwait(false);
            _ahead = new Queue<FeedFilter>(filters);
            _aheadLast = filters.Count > 0 ? filters[^1].Ref.Hash : default;
        }

        var begun = Stopwatch.GetTimestamp();
        List<BlockFacts> blocks = [];
        while ((blocks.Count == 0 || Stopwatch.GetElapsedTime(begun) < _patience) && _ahead.TryDequeue(out var item))
        {
            var (facts, filter) = Check(item, after, searched);
            if (followers.Any(follower => filter.MatchesAny(ScriptsOf(follower).Scripts)))
            {
                _aheadAfter = new BlockPoint(item.Ref.Hash, item.Ref.Height);
                var (found, _, _) = await session.Feed.GetBlocksAsync(
                    new BlockRef(after.Hash, after.Height), maxBytes: 1, knowsPruned: true, ct).ConfigureAwait(false);
                return [.. blocks, .. ChainGuard.CheckChain([.. found.Take(1)], after, chain)];
            }

            blocks.Add(facts);
            after = facts.Point;
        }

        _aheadAfter = after;
        return blocks;
    }

    // One question for a header instead of as much as a megabyte again; what has left the chain meanwhile is not looked at.
    private async ValueTask<bool> IsAheadAsync(BlockPoint after, CancellationToken ct) =>
        _ahead.Count > 0 && _aheadAfter == after
        && await session.Feed.GetBlockHeaderInfoAsync(_aheadLast, ct).ConfigureAwait(false) is { OnActiveChain: true };

    private (BlockFacts Facts, BlockFilter Filter) Check(
        FeedFilter item, BlockPoint after, ImmutableDictionary<Keys.ScriptIndex, int> searched)
    {
        if (item.Header.Length != BlockHeader.Size || !BlockFilter.TryParse(item.Ref.Hash, item.Filter.Span, out var filter))
        {
            throw new FeedException($"the node's filter of block {item.Ref.Hash} cannot be read");
        }

        // As a block without any transaction: there is nothing of ours in it.
        var content = new ByteWriter(BlockHeader.Size + 1);
        content.WriteBytes(item.Header.Span);
        content.WriteCompactSize(0);
        var header = BlockHeader.Parse(item.Header.Span);
        var empty = new FeedBlock(item.Ref, header.Previous, item.MedianTime, content.ToArray());
        return (ChainGuard.CheckChain([empty], after, chain)[0] with { Searched = searched }, filter);
    }

    private KnownScripts ScriptsOf(Follower follower)
    {
        var snapshot = follower.Snapshot;
        if (_scripts.TryGetValue(follower, out var known) && known.Version == snapshot.ScriptsVersion)
        {
            return known;
        }

        // Those of the state, with its number: the index may have others already, which are not stored yet.
        List<ReadOnlyMemory<byte>> scripts = new(snapshot.Scripts.Count);
        foreach (var keychain in snapshot.Keychains)
        {
            for (var index = keychain.RangeStart; index < keychain.RangeEnd; index++)
            {
                scripts.AddRange(keychain.ScriptsAt(index).Select(static script => script.Memory));
            }
        }

        known = new(snapshot.ScriptsVersion, scripts);
        _scripts.AddOrUpdate(follower, known);
        return known;
    }

    private sealed record KnownScripts(int Version, IReadOnlyCollection<ReadOnlyMemory<byte>> Scripts);
}
