using Dash.Common.Concurrency;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// Reads and parses the blocks of a branch on a thread of its own, so many ahead of whoever connects them, and computes their
/// hashes. For one taker.
/// </summary>
internal sealed class BlocksAhead : IDisposable
{
    // What waits to be taken: a few large blocks, or many small ones.
    private const int MaxBytes = 4 << 20;
    private const int MaxBlocks = 256;

    private readonly BlockArchive _archive;
    private readonly BlockNode _last;
    private readonly Task _reading;
    private readonly object _gate = new(); // protects the fields below; both sides wait on it
    private readonly Queue<(byte[] Data, Block Block)> _read = [];
    private int _bytes;
    private bool _isOver;

    /// <summary>Begins to read.</summary>
    /// <param name="archive">Where the blocks are.</param>
    /// <param name="first">The first block.</param>
    /// <param name="last">The last block; <paramref name="first"/> is one of its ancestors.</param>
    public BlocksAhead(BlockArchive archive, BlockNode first, BlockNode last)
    {
        _archive = archive;
        _last = last;
        Next = first;
        _reading = WorkThread.RunAsync("blkread", () => Read(first));
    }

    /// <summary>The block that is taken next; null after the last, and when one could not be read.</summary>
    public BlockNode? Next { get; private set; }

    /// <summary>Waits for the next block.</summary>
    /// <returns>Null when it could not be read.</returns>
    public (byte[] Data, Block Block)? Take()
    {
        lock (_gate)
        {
            while (_read.Count == 0 && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            if (!_read.TryDequeue(out var block))
            {
                Next = null;
                return null;
            }

            Next = Next is { } taken && taken.Height < _last.Height ? _last.Ancestor(taken.Height + 1) : null;
            _bytes -= block.Data.Length;
            Monitor.PulseAll(_gate);
            return block;
        }
    }

    /// <summary>Stops reading.</summary>
    public void Dispose()
    {
        End();
        _reading.Wait();
    }

    private void Read(BlockNode first)
    {
        try
        {
            for (var height = first.Height; height <= _last.Height; height++)
            {
                var node = _last.Ancestor(height)!; // heights up to its own
                var data = _archive.ReadData(node);
                var block = BlockArchive.Parse(node, data);
                _ = block.Header.Hash;
                foreach (var transaction in block.Transactions)
                {
                    _ = transaction.Txid;
                }

                if (!Add(data, block))
                {
                    return;
                }
            }
        }
        catch (StorageException)
        {
            // Who wants the block reads it again, and hears of it there.
        }
        finally
        {
            End();
        }
    }

    private bool Add(byte[] data, Block block)
    {
        lock (_gate)
        {
            while (!_isOver && _read.Count > 0 && (_bytes + data.Length > MaxBytes || _read.Count >= MaxBlocks))
            {
                Monitor.Wait(_gate);
            }

            _read.Enqueue((data, block));
            _bytes += data.Length;
            Monitor.PulseAll(_gate);
            return !_isOver;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }
}
