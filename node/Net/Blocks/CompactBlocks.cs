using Dash.Common.Logging;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// Compact blocks (BIP152), both ways: puts blocks together from them and the mempool, asks for what is missing, and
/// answers those who ask.
/// </summary>
internal sealed class CompactBlocks(
    BlockSync sync,
    HeadersSync headers,
    BlockIntake intake,
    Validation validation,
    MempoolGate mempool,
    ExtraTransactions extra,
    Misbehavior misbehavior,
    ILoggerFactory logs) : MessageFamily
{
    private const int MaxServedDepth = 10;
    private const int MinTransactionSize = 10;
    private const int MaxBlockSize = 2_000_000;
    private const ulong SpokenVersion = 1;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _general = logs.CreateLogger(LogCategory.None);

    private enum Outcome
    {
        Done,
        Complete,
        TakeAsHeader,
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } =
        [MessageTypes.SendCompact, MessageTypes.CompactBlock, MessageTypes.GetBlockTransactions, MessageTypes.BlockTransactions];

    /// <inheritdoc/>
    public override async ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        switch (message.Type)
        {
            case MessageTypes.SendCompact:
                TakeWish(peer, message);
                break;
            case MessageTypes.GetBlockTransactions:
                Serve(peer, BlockTransactionsRequest.Parse(message.Payload.Span));
                break;
            case var type when sync.IsImporting:
                Log.UnexpectedBlock(_log, type, peer.Id);
                break;
            case MessageTypes.CompactBlock:
                await TakeCompactAsync(peer, CompactBlock.Parse(message.Payload.Span), ct).ConfigureAwait(false);
                break;
            default:
                await TakeMissingAsync(peer, BlockTransactions.Parse(message.Payload.Span), ct).ConfigureAwait(false);
                break;
        }
    }

    private static void TakeWish(Peer peer, ReceivedMessage message)
    {
        var reader = message.Reader();
        var announces = reader.ReadBool();
        if (reader.ReadUInt64() == SpokenVersion)
        {
            peer.Sync.ProvidesCompact = true;
            peer.WantsCompactAnnouncements = announces;
        }
    }

    private void Serve(Peer peer, BlockTransactionsRequest request)
    {
        if (sync.Index.Find(request.Block) is not { HasData: true } node)
        {
            Log.UnknownBlockTransactions(_log, peer.Id);
            return;
        }

        if (node.Height < sync.Tip.Height - MaxServedDepth)
        {
            // A whole block is no more work for the disk, and tells the peer that it asks too much.
            Log.DeepBlockTransactions(_log, peer.Id, MaxServedDepth);
            peer.Sync.Requests.Enqueue(new InventoryItem(InventoryKind.Block, request.Block.Value));
            return;
        }

        var block = sync.Chainstate.Archive.ReadBlock(node);
        if (request.Places.Any(place => place >= block.Transactions.Count))
        {
            misbehavior.Report(peer, 100, "getblocktxn with out-of-bounds tx indices");
            return;
        }

        BlockTransactions answer = new(request.Block, [.. request.Places.Select(place => block.Transactions[place])]);
        peer.Send(MessageTypes.BlockTransactions, answer.ToBytes());
    }

    private async ValueTask TakeCompactAsync(Peer peer, CompactBlock compact, CancellationToken ct)
    {
        var hash = compact.Header.Hash;
        if (sync.Index.Find(compact.Header.Previous) is null)
        {
            if (!sync.Chainstate.IsInitialBlockDownload)
            {
                sync.RequestHeaders(peer, sync.BestHeader);
            }

            return;
        }

        var isNew = sync.Index.Find(hash) is null;
        var (state, node) = await validation.PostAsync(
            (chainstate, _) => (chainstate.SubmitHeaders([compact.Header], out var last), last), ct).ConfigureAwait(false);
        if (state.IsInvalid || node is null)
        {
            misbehavior.ReportBlock(peer, state, isCompact: true, "invalid header via cmpctblock");
            return;
        }

        if (isNew)
        {
            Log.NewCompactHeader(_general, hash, peer.Id);
        }

        sync.NoteAvailability(peer, hash);
        if (isNew && node.ChainWork > sync.Tip.ChainWork)
        {
            peer.Sync.LastAnnouncement = sync.Now;
        }

        switch (Begin(peer, compact, node, out var block))
        {
            case Outcome.Complete when block is not null:
                await SubmitAsync(peer, block, ct).ConfigureAwait(false);
                if (node.IsValid(BlockStatus.ValidTransactions))
                {
                    sync.Forget(hash);
                }

                break;
            case Outcome.Complete:
                await TakeMissingAsync(peer, new BlockTransactions(hash, []), ct).ConfigureAwait(false);
                break;
            case Outcome.TakeAsHeader:
                await headers.TakeAsync(peer, [compact.Header], isCompact: true, ct).ConfigureAwait(false);
                break;
        }
    }

    // Complete with a block: it was put together beside a request to somebody else; without: nothing is missing.
    private Outcome Begin(Peer peer, CompactBlock compact, BlockNode node, out Block? block)
    {
        block = null;
        var request = sync.InFlight.Find(node.Hash);
        if (node.HasData)
        {
            return Outcome.Done;
        }

        if (node.ChainWork <= sync.Tip.ChainWork || node.TransactionCount != 0)
        {
            if (request is not null)
            {
                AskForWhole(peer, node);
            }

            return Outcome.Done;
        }

        if (request is null && !sync.CanFetchDirectly)
        {
            return Outcome.Done;
        }

        if (node.Height > sync.Tip.Height + 2)
        {
            if (request is null)
            {
                return Outcome.TakeAsHeader;
            }

            AskForWhole(peer, node);
            return Outcome.Done;
        }

        if (request is null ? peer.Sync.InFlight.Count < BlocksInFlight.MaxOfPeer : request.Peer == peer)
        {
            return BeginOwn(peer, compact, node, request);
        }

        // Somebody else was asked first; if everything is known already there is no need to wait.
        block = compact.IsValid ? PartialBlock.Create(compact, Known(), out _)?.Fill([]) : null;
        return block is null ? Outcome.Done : Outcome.Complete;
    }

    private Outcome BeginOwn(Peer peer, CompactBlock compact, BlockNode node, BlockRequest? request)
    {
        if (request is { Partial: not null })
        {
            Log.CompactTwice(_log);
            return Outcome.Done;
        }

        request ??= sync.Request(peer, node);
        if (!compact.IsValid || compact.TransactionCount > MaxBlockSize / MinTransactionSize)
        {
            sync.Forget(node.Hash);
            misbehavior.Report(peer, 100, "invalid compact block");
            return Outcome.Done;
        }

        request.Partial = PartialBlock.Create(compact, Known(), out _);
        if (request.Partial is null)
        {
            AskForWhole(peer, node);
            return Outcome.Done;
        }

        var missing = request.Partial.Missing;
        if (missing.Count == 0)
        {
            return Outcome.Complete;
        }

        peer.Send(MessageTypes.GetBlockTransactions, new BlockTransactionsRequest(node.Hash, missing).ToBytes());
        return Outcome.Done;
    }

    private async ValueTask TakeMissingAsync(Peer peer, BlockTransactions answer, CancellationToken ct)
    {
        var request = sync.InFlight.Find(answer.Block);
        if (request is not { Partial: { } partial } || request.Peer != peer)
        {
            Log.UnexpectedTransactions(_log, peer.Id);
            return;
        }

        var block = partial.Fill(answer.Transactions);
        if (block is null)
        {
            sync.Forget(answer.Block);
            misbehavior.Report(peer, 100, "invalid compact block/non-matching block transactions");
            return;
        }

        if (block.ComputeMerkleRoot(out var isMutated) != block.Header.MerkleRoot || isMutated)
        {
            // A transaction with the same short id, perhaps: the block is fetched whole.
            AskForWhole(peer, request.Block);
            return;
        }

        sync.Forget(answer.Block);
        await SubmitAsync(peer, block, ct).ConfigureAwait(false);
    }

    private ValueTask SubmitAsync(Peer peer, Block block, CancellationToken ct)
    {
        ByteWriter writer = new(block.Size);
        block.Write(writer);
        return intake.SubmitAsync(peer, block, writer.ToArray(), isRequested: true, isCompact: true, ct);
    }

    private IEnumerable<Transaction> Known() => mempool.View.Graph.Entries.Select(static entry => entry.Transaction).Concat(extra.All);

    private static void AskForWhole(Peer peer, BlockNode node) =>
        peer.Send(MessageTypes.GetData, InventoryItem.WriteAll([new InventoryItem(InventoryKind.Block, node.Hash.Value)]));
}
