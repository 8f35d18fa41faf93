using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Net.Blocks;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>Takes transactions of peers into the mempool, and passes on those that are taken. Keeps orphans until their parents come.</summary>
internal sealed class TransactionIntake(
    Chainstate chainstate,
    Validation validation,
    MempoolGate mempool,
    OrphanPool orphans,
    KnownTransactions known,
    ObjectRequests requests,
    RelayHub hub,
    ExtraTransactions extra,
    Misbehavior misbehavior,
    Clock clock,
    ILoggerFactory logs) : MessageFamily
{
    private const int MaxExtraSize = 100_000;

    // A masternode may be gone before what it vouched for is mined.
    private const int MixingDepth = 24;

    // Orphans whose parents came in a block belong to no peer.
    private const long Nobody = -1;

    private readonly ILogger _mempoolLog = logs.CreateLogger(LogCategory.Mempool);
    private readonly ILogger _mixing = logs.CreateLogger(LogCategory.CoinJoin);
    private readonly ILogger _rejections = logs.CreateLogger(LogCategory.MempoolRej);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.Tx, MessageTypes.MixingTransaction];

    /// <inheritdoc/>
    public override void Left(Peer peer) => orphans.RemoveOf(peer);

    /// <inheritdoc/>
    public override async ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (chainstate.IsInitialBlockDownload)
        {
            return;
        }

        var isMixing = message.Type == MessageTypes.MixingTransaction;
        var (transaction, mixing) = Read(message, isMixing);
        var txid = transaction.Txid;
        peer.Relay.NoteKnown(txid.Value);
        requests.Received(
            peer, new InventoryItem(isMixing ? InventoryKind.MixingTransaction : InventoryKind.Transaction, txid.Value));
        if (mixing is not null && !await IsVouchedAsync(mixing, ct).ConfigureAwait(false))
        {
            return;
        }

        if (known.Contains(txid, isMixing))
        {
            ForceRelay(peer, txid);
            return;
        }

        var result = await mempool.AcceptAsync(transaction, ct).ConfigureAwait(false);
        if (result.IsAccepted)
        {
            hub.Announce(txid);
            orphans.AddChildrenToWork(transaction, peer.Id);
            peer.LastTransaction = clock.UnixSeconds;
            Log.Accepted(_mempoolLog, peer.Id, txid);
            await TryOrphanAsync(peer.Id, ct).ConfigureAwait(false);
            return;
        }

        if (result.State.Kind == InvalidKind.MissingInputs)
        {
            KeepOrphan(peer, transaction);
        }
        else
        {
            known.Refuse(txid);
            if (transaction.Size < MaxExtraSize)
            {
                extra.Add(transaction);
            }
        }

        Log.NotAccepted(_rejections, txid, peer.Id, result.State);
        misbehavior.ReportTransaction(peer, result.State);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> ContinueAsync(Peer peer, CancellationToken ct) =>
        orphans.HasWork(peer.Id) && await TryOrphanAsync(peer.Id, ct).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask ChainChangedAsync(ChainEvent news, CancellationToken ct)
    {
        known.Follow(news);
        if (news is not ChainEvent.BlockConnected { Block: var block } || orphans.Count == 0)
        {
            return;
        }

        foreach (var transaction in block.Transactions)
        {
            orphans.AddChildrenToWork(transaction, Nobody);
        }

        while (await TryOrphanAsync(Nobody, ct).ConfigureAwait(false))
        {
            // Until nothing more came of it.
        }

        orphans.RemoveForBlock(block.Transactions);
    }

    private static (Transaction Transaction, MixingTransaction? Mixing) Read(ReceivedMessage message, bool isMixing)
    {
        var reader = message.Reader();
        if (!isMixing)
        {
            return (Transaction.Read(ref reader), null);
        }

        var mixing = MixingTransaction.Read(ref reader);
        return (mixing.Transaction, mixing);
    }

    // By a masternode there is, or was a short while ago; its signature is not verified.
    private async ValueTask<bool> IsVouchedAsync(MixingTransaction mixing, CancellationToken ct)
    {
        var txid = mixing.Transaction.Txid;
        if (!mixing.IsWellFormed(chainstate.Network))
        {
            Log.MixingMalformed(_mixing, txid);
            return false;
        }

        var isKnown = await validation.PostAsync((state, _) => IsMasternode(state, mixing.ProTxHash), ct).ConfigureAwait(false);
        if (!isKnown)
        {
            Log.MixingWithoutMasternode(_mixing, mixing.ProTxHash, txid);
        }

        return isKnown;
    }

    private static bool IsMasternode(Chainstate state, Txid proTxHash)
    {
        BlockNode? node = state.View.Tip;
        for (var i = 0; i < MixingDepth && node is not null; i++, node = node.Previous)
        {
            if (state.Evo.TryStateAt(node, MixingDepth)?.Masternodes.Find(proTxHash) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void ForceRelay(Peer peer, Txid txid)
    {
        if (!peer.May(PeerPermissions.ForceRelay))
        {
            return;
        }

        if (mempool.Find(txid) is null)
        {
            Log.NotForceRelaying(_general, txid, peer.Id);
        }
        else
        {
            Log.ForceRelaying(_general, txid, peer.Id);
            hub.Announce(txid);
        }
    }

    private void KeepOrphan(Peer peer, Transaction transaction)
    {
        var parents = transaction.Inputs.Select(static input => input.PreviousOutput.Txid).Distinct().ToArray();
        if (parents.Any(known.IsRefused))
        {
            Log.OrphanOfRefused(_mempoolLog, transaction.Txid);
            known.Refuse(transaction.Txid);
            return;
        }

        foreach (var parent in parents)
        {
            peer.Relay.NoteKnown(parent.Value);
            if (!known.Contains(parent))
            {
                requests.Add(peer, new InventoryItem(InventoryKind.Transaction, parent.Value));
            }

            if (!known.Contains(parent, isMixing: true))
            {
                requests.Add(peer, new InventoryItem(InventoryKind.MixingTransaction, parent.Value));
            }
        }

        if (orphans.Add(transaction, peer, clock.UnixSeconds))
        {
            extra.Add(transaction);
        }

        orphans.Limit(clock.UnixSeconds);
    }

    // Tries orphans until one is decided; whether there are more to try.
    private async ValueTask<bool> TryOrphanAsync(long owner, CancellationToken ct)
    {
        while (orphans.TakeWork(owner, out var from) is { } orphan)
        {
            var result = await mempool.AcceptAsync(orphan, ct).ConfigureAwait(false);
            if (result.IsAccepted)
            {
                Log.OrphanAccepted(_mempoolLog, orphan.Txid);
                hub.Announce(orphan.Txid);
                orphans.AddChildrenToWork(orphan, owner);
                orphans.Remove(orphan.Txid);
                break;
            }

            if (result.State.Kind != InvalidKind.MissingInputs)
            {
                Log.OrphanInvalid(_mempoolLog, orphan.Txid, from!.Id, result.State); // an orphan has a sender
                misbehavior.ReportTransaction(from, result.State);
                Log.OrphanRemoved(_mempoolLog, orphan.Txid);
                known.Refuse(orphan.Txid);
                orphans.Remove(orphan.Txid);
                break;
            }
        }

        return orphans.HasWork(owner);
    }
}
