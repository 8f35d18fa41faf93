using System.Collections.Concurrent;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>
/// Chooses block files that can go to save space, and forgets what they hold. Locks are for any thread; the rest
/// belongs to the validation loop.
/// </summary>
internal sealed class ChainPruning
{
    /// <summary>A target that is never reached: files go only when the user says so.</summary>
    public const long Manual = long.MaxValue;

    /// <summary>Blocks below the tip that are always kept: enough to follow any reorganisation.</summary>
    public const int MinBlocksToKeep = 288;

    // What an index has not read yet is kept, and some blocks below, should it have to go back.
    private const int LockBuffer = 10;

    private readonly BlockIndex _index;
    private readonly BlockFiles _files;
    private readonly ChainParams _network;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, int> _locks = new(StringComparer.Ordinal);

    /// <summary>Pruning to a target; null for none.</summary>
    public ChainPruning(BlockIndex index, BlockFiles files, ChainParams network, long? target, ILogger log)
    {
        _index = index;
        _files = files;
        _network = network;
        _log = log;
        Target = target;
    }

    /// <summary>Bytes block files are held to; <see cref="Manual"/>; null when everything is kept.</summary>
    public long? Target { get; }

    /// <summary>Whether files go by themselves.</summary>
    public bool IsAutomatic => Target is not null and not Manual;

    /// <summary>Keeps blocks around a height, and all above it, for whoever still has to read them. Any thread.</summary>
    /// <param name="name">Who.</param>
    /// <param name="height">The last block it has read.</param>
    public void Hold(string name, int height) => _locks[name] = height;

    /// <summary>The tip went back: whoever was ahead of it reads the blocks that come now.</summary>
    public void MoveHoldsBack(int height)
    {
        foreach (var (name, held) in _locks)
        {
            if (held > height && _locks.TryUpdate(name, height, held))
            {
                Log.PruneLockMoved(_log, name, height);
            }
        }
    }

    /// <summary>Files to delete because the target is exceeded, forgotten already. Empty for none.</summary>
    public IReadOnlyList<int> TakeAutomatic(BlockNode tip, bool isInitialDownload)
    {
        if (Target is not { } target || target == Manual || tip.Height <= _network.PruneAfterHeight)
        {
            return [];
        }

        // Space is taken ahead of use, so there must be room for the next step.
        var buffer = _files.GrowthStep + (isInitialDownload ? target / 10 : 0);
        var last = Math.Min(LastUnlocked(tip.Height), tip.Height - MinBlocksToKeep);
        var usage = _files.SizeOnDisk;
        var chosen = new List<int>();
        for (var file = 0; file < _files.LastFile && usage + buffer >= target; file++)
        {
            if (CanGo(file, last))
            {
                var info = _files.InfoOf(file);
                usage -= (long)info.Size + info.UndoSize;
                chosen.Add(file);
            }
        }

        Forget(chosen);
        const long MiB = 1 << 20;
        Log.Pruned(_log, target / MiB, usage / MiB, (target - usage) / MiB, last, chosen.Count);
        return chosen;
    }

    /// <summary>Files to delete because the user said so, forgotten already.</summary>
    /// <param name="height">The last block that may go.</param>
    /// <param name="tip">The tip.</param>
    public IReadOnlyList<int> TakeManual(int height, BlockNode tip)
    {
        var last = Math.Min(Math.Min(LastUnlocked(tip.Height), height), tip.Height - MinBlocksToKeep);
        int[] chosen = [.. Enumerable.Range(0, _files.LastFile).Where(file => CanGo(file, last))];
        Forget(chosen);
        Log.PrunedManually(_log, last, chosen.Length);
        return chosen;
    }

    private bool CanGo(int file, int last)
    {
        var info = _files.InfoOf(file);
        return info.Size > 0 && info.LastHeight <= last;
    }

    private int LastUnlocked(int height)
    {
        foreach (var (name, at) in _locks)
        {
            var last = Math.Max(1, at - LockBuffer - 1);
            if (last < height)
            {
                height = last;
                Log.PruningLimited(_log, name, last);
            }
        }

        return height;
    }

    private void Forget(IReadOnlyCollection<int> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        foreach (var node in _index.Nodes.Where(node => (node.HasData || node.HasUndo) && files.Contains(node.File)))
        {
            node.Status &= ~(BlockStatus.HasData | BlockStatus.HasUndo);
            node.File = 0;
            node.DataOffset = 0;
            node.UndoOffset = 0;
            _index.MarkChanged(node);
        }

        foreach (var file in files)
        {
            _files.Forget(file);
        }
    }
}
