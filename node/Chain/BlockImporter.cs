using System.Diagnostics;
using System.Globalization;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// What a node does first, while it already answers: reads its own block files when the index is built anew, then files
/// of others (<c>-loadblock</c>), then connects all that is better than the tip. Runs beside the validation loop and
/// gives it small pieces, so that nobody waits long for a turn.
/// </summary>
internal sealed class BlockImporter(Chainstate chainstate, Validation validation, Clock clock, ILoggerFactory logs)
{
    // A turn: as much as is connected or taken before others have theirs.
    private const int TurnMs = 250;
    private const int TurnBytes = 4 << 20;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.None);
    private readonly ILogger _details = logs.CreateLogger(LogCategory.Reindex);

    // Blocks whose parent comes later in the files; only for the node's own files, where they can be found again.
    private readonly Dictionary<BlockHash, List<FilePosition>> _waiting = [];

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when all that was stored is connected, or when that has ended early.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Reads and connects everything; ends early when cancelled.</summary>
    /// <param name="files">Paths of files of blocks from elsewhere.</param>
    /// <param name="ct">Stops between blocks.</param>
    /// <exception cref="StorageException">The disk failed.</exception>
    public async Task RunAsync(IEnumerable<string> files, CancellationToken ct)
    {
        try
        {
            await ImportAllAsync(files, ct).ConfigureAwait(false);
        }
        finally
        {
            _connected.TrySetResult();
        }
    }

    /// <summary>Says that the node ends now, as it was asked to.</summary>
    public void LogStop() => Log.StoppingAfterImport(_log);

    private async Task ImportAllAsync(IEnumerable<string> files, CancellationToken ct)
    {
        if (chainstate.IsReindexing)
        {
            await ReindexAsync(ct).ConfigureAwait(false);
        }

        foreach (var path in files)
        {
            if (File.Exists(path))
            {
                Log.ImportingFile(_log, path);
                await ImportAsync(path, ownFile: null, ct).ConfigureAwait(false);
            }
            else
            {
                Log.ImportNotOpened(_log, path);
            }
        }

        while (await ConnectSomeAsync(ct).ConfigureAwait(false))
        {
            ct.ThrowIfCancellationRequested();
        }

        await validation.PostAsync((chain, _) => chain.FinishImport(), ct).ConfigureAwait(false);
    }

    private async Task ReindexAsync(CancellationToken ct)
    {
        for (var file = 0; File.Exists(chainstate.Archive.PathOf(file)); file++)
        {
            var path = chainstate.Archive.PathOf(file);
            var name = Path.GetFileName(path);
            Log.ReindexingFile(_log, name);
            await ImportAsync(path, file, ct).ConfigureAwait(false);
        }

        await validation.PostAsync((chain, _) => chain.FinishReindex(), ct).ConfigureAwait(false);
        Log.ReindexingFinished(_log);
    }

    private Task<bool> ConnectSomeAsync(CancellationToken ct) => validation.PostAsync(
        (chain, stop) =>
        {
            var start = clock.GetTimestamp();
            return chain.ActivateSome(
                () => stop.IsCancellationRequested || clock.GetElapsedTime(start).TotalMilliseconds > TurnMs);
        },
        ct);

    private async Task ImportAsync(string path, int? ownFile, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var count = 0;
        using var scanner = new BlockFileScanner(path, chainstate.Network.Magic.Span, Limits.BlockSizeAfterDip1);
        var turn = new List<(Block Block, byte[] Data, FilePosition? Position)>();
        var bytes = 0;
        while (scanner.TryRead(out var offset, out var data))
        {
            ct.ThrowIfCancellationRequested();
            if (!Block.TryParse(data, out var block))
            {
                var text = (offset - 1).ToString("x", CultureInfo.InvariantCulture);
                Log.UnexpectedData(_details, text);
                scanner.Reject(offset);
                continue;
            }

            // Hashing the header is most of the work until now: not in the loop's time.
            _ = block.Header.Hash;
            turn.Add((block, data, ownFile is { } number ? new FilePosition(number, checked((uint)offset)) : null));
            bytes += data.Length;
            if (bytes >= TurnBytes)
            {
                count += await TakeAsync(turn, ct).ConfigureAwait(false);
                turn.Clear();
                bytes = 0;
            }
        }

        count += await TakeAsync(turn, ct).ConfigureAwait(false);
        Log.Imported(_log, count, watch.ElapsedMilliseconds);
    }

    private Task<int> TakeAsync(
        IReadOnlyList<(Block Block, byte[] Data, FilePosition? Position)> turn, CancellationToken ct) =>
        validation.PostAsync(
            (chain, stop) =>
            {
                var count = 0;
                foreach (var (block, data, position) in turn)
                {
                    stop.ThrowIfCancellationRequested();
                    count += Take(chain, block, data, position);
                }

                return count;
            },
            ct);

    private int Take(Chainstate chain, Block block, byte[] data, FilePosition? position)
    {
        var hash = block.Header.Hash;
        if (block.Header.Previous is { IsNull: false } parent && chain.Index.Find(parent) is null)
        {
            Log.OutOfOrder(_details, hash, parent);
            if (position is { } place)
            {
                if (!_waiting.TryGetValue(parent, out var children))
                {
                    _waiting.Add(parent, children = []);
                }

                children.Add(place);
            }

            return 0;
        }

        var count = chain.Index.Find(hash) is { HasData: true } ? 0 : chain.Import(block, data, position) ? 1 : 0;
        return count + TakeWaiting(chain, hash);
    }

    // Those that waited for a block, and those that waited for them.
    private int TakeWaiting(Chainstate chain, BlockHash first)
    {
        var count = 0;
        var queue = new Queue<BlockHash>([first]);
        while (queue.TryDequeue(out var parent))
        {
            if (!_waiting.Remove(parent, out var children))
            {
                continue;
            }

            foreach (var position in children)
            {
                var data = chain.Archive.ReadAt(position);
                var block = Block.Parse(data);
                Log.OutOfOrderChild(_details, block.Header.Hash, parent);
                if (chain.Import(block, data, position))
                {
                    count++;
                    queue.Enqueue(block.Header.Hash);
                }
            }
        }

        return count;
    }
}
