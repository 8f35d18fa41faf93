using System.Globalization;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>Options of the stored chain; names are Dash Core's.</summary>
internal static class ChainOptions
{
    public static readonly OptionalOption BlocksDir = Option.OptionalStr("blocksdir=<dir>",
        "Directory that holds the folder with the block files (default: the data directory)", OptionGroup.General);

    public static readonly Option<long> DbCache = Option.Long("dbcache=<n>", 300,
        "Memory for coins and databases, in MiB (4 to 16384, default: {0})", OptionGroup.General);

    public static readonly Option<long> Prune = Option.Long("prune=<n>", 0,
        "Delete old blocks: 0 never; 1 when the pruneblockchain method asks for it; 945 and above by itself, so that block files stay "
        + "below so many MiB. Needs -txindex=0 and -disablegovernance. Going back takes a download of the whole chain (default: {0})",
        OptionGroup.General);

    public static readonly OptionalOption AssumeValid = Option.OptionalStr("assumevalid=<hex>",
        "Hash of a block whose ancestors have good scripts, which are then not run again; 0 to run all (default: a block known when this "
        + "version was made)", OptionGroup.General);

    public static readonly OptionalOption MinimumChainWork = Option.OptionalStr("minimumchainwork=<hex>",
        "Least work of a chain that can be the real one, in hex (default: that of the chain when this version was made)",
        OptionGroup.General, OptionFlags.DebugOnly);

    public static readonly Option<int> Par = Option.Int("par=<n>", 0,
        "Threads that check scripts: 1 to 16, 0 for one a core, negative to leave so many cores free (default: {0})", OptionGroup.General);

    public static readonly Option<IReadOnlyList<string>> LoadBlock = Option.List("loadblock=<file>",
        "Read blocks from this file at start. Can be given several times", OptionGroup.General);

    public static readonly OptionalOption BlockNotify = Option.OptionalStr("blocknotify=<cmd>",
        "Command that is run for each new block of the active chain; %s in it is the block's hash", OptionGroup.General);

    public static readonly OptionalOption AlertNotify = Option.OptionalStr("alertnotify=<cmd>",
        "Command that is run with the first warning, such as of rules this version does not know; %s in it is the warning", OptionGroup.General);

    public static readonly Option<bool> DisableGovernance = Option.Bool("disablegovernance", false,
        "Take part in no governance, as pruned nodes cannot (default: {0}; 1 with -prune)", OptionGroup.DebugTest);

    public static readonly Option<long> DbBatchSize = Option.Long("dbbatchsize", 16 << 20,
        "Size of a batch of coins that is written at once, in bytes (default: {0})", OptionGroup.General, OptionFlags.DebugOnly);

    public static readonly Option<bool> Reindex = Option.Bool("reindex", false,
        "Build the index of blocks and all that follows from it anew from the block files on disk", OptionGroup.Indexing);

    public static readonly Option<bool> ReindexChainstate = Option.Bool("reindex-chainstate", false,
        "Build the set of coins anew from the blocks of the index. Not for pruned nodes, and not together with optional indexes: use "
        + "-reindex there", OptionGroup.Indexing);

    public static readonly Option<int> CheckBlocks = Option.Int("checkblocks=<n>", 6,
        "Blocks that are checked again at start; 0 for all (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> CheckLevel = Option.Int("checklevel=<n>", 3,
        "How thoroughly -checkblocks looks: 0 reads blocks, 1 checks them by themselves, 2 reads undo data, 3 takes blocks back in memory, 4 "
        + "connects them again; each with all before it (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> CheckBlockIndex = Option.Bool("checkblockindex", false,
        "Check the whole index of blocks after each block (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> Checkpoints = Option.Bool("checkpoints", true,
        "Refuse forks from the known history of the chain (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> StopAfterBlockImport = Option.Bool("stopafterblockimport", false,
        "End when all blocks on disk have been read (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<int> StopAtHeight = Option.Int("stopatheight", 0,
        "End when the chain has this height; 0 for never (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<long> MaxSigCacheSize = Option.Long("maxsigcachesize=<n>", 32,
        "Memory for signatures and scripts that were found good, in MiB (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<long> MaxTipAge = Option.Long("maxtipage=<n>", 6 * 60 * 60,
        "Age in seconds of the last block at which the node says it is still downloading (default: {0})", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> FastPrune = Option.Bool("fastprune", false,
        "Small block files, and pruning of short chains, for tests", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    public static readonly Option<bool> TinyBlk = Option.Bool("tinyblk", false,
        "Take little disk space for block files ahead of use, for tests", OptionGroup.DebugTest, OptionFlags.DebugOnly);

    // For tests: one in so many partial writes of coins ends the process.
    private static readonly OptionalOption DbCrashRatio = Option.Hidden("dbcrashratio");

    private const long MiB = 1 << 20;

    // A day's blocks, with undo data and what lies around them, for 288 blocks at least; regtest has a smaller floor.
    private const long MinPruneTarget = 945 * MiB;
    private const long MinPruneTargetRegtest = 550 * MiB;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        BlocksDir, DbCache, Prune, AssumeValid, MinimumChainWork, Par, LoadBlock, BlockNotify, AlertNotify, DisableGovernance, DbBatchSize, Reindex, ReindexChainstate, CheckBlocks,
        CheckLevel, CheckBlockIndex, Checkpoints, StopAfterBlockImport, StopAtHeight, MaxSigCacheSize, MaxTipAge, FastPrune, TinyBlk, DbCrashRatio,
    ];

    /// <summary>The network with what options change about trust in its history.</summary>
    /// <exception cref="StartupException">An option makes no sense.</exception>
    public static ChainParams Apply(Options options, ChainParams network)
    {
        if (options[AssumeValid] is { } assumed)
        {
            network = network with { AssumeValid = new BlockHash(ParseHex(assumed)) };
        }

        if (options[MinimumChainWork] is { } work)
        {
            var digits = work.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? work[2..] : work;
            if (digits.Length == 0 || !digits.All(char.IsAsciiHexDigit))
            {
                throw new StartupException($"Invalid non-hex ({work}) minimum chain work value specified");
            }

            network = network with { MinimumChainWork = ParseHex(work) };
        }

        return options[Checkpoints] ? network : network with { Checkpoints = [] };
    }

    /// <summary>How the chain state is opened.</summary>
    /// <param name="options">The options.</param>
    /// <param name="directory">The network's data directory.</param>
    /// <param name="network">The network.</param>
    /// <param name="indexCache">Bytes of <c>-dbcache</c> that optional indexes take.</param>
    /// <exception cref="StartupException">An option makes no sense.</exception>
    public static ChainstateOptions Read(Options options, string directory, ChainParams network, Func<long, long> indexCache)
    {
        var cache = Math.Clamp(options[DbCache], 4, 16384) * MiB;
        var blockIndex = Math.Min(cache / 8, 2 * MiB);
        var left = cache - blockIndex;
        left -= indexCache(left);
        var coinStore = Math.Min(Math.Min(left / 2, (left / 4) + (8 * MiB)), 8 * MiB);
        return new ChainstateOptions(directory)
        {
            BlocksDirectory = ReadBlocksDirectory(options, directory, network),
            IndexCacheBytes = (int)blockIndex,
            CoinStoreCacheBytes = (int)coinStore,
            CoinsCacheBytes = left - coinStore,
            CoinBatchBytes = (int)Math.Clamp(options[DbBatchSize], 1, int.MaxValue / 4),
            ScriptThreads = ReadThreads(options[Par]),
            SignatureCacheBytes = Math.Clamp(options[MaxSigCacheSize], 0, 16384) * MiB,
            MaxTipAge = (int)Math.Clamp(options[MaxTipAge], 0, int.MaxValue),
            Reindex = options[Reindex],
            ReindexChainstate = options[ReindexChainstate],
            ConnectAtOpen = false,
            FileLimits = options[FastPrune] ? BlockFileLimits.FastPrune
                : options[TinyBlk] ? BlockFileLimits.Tiny
                : BlockFileLimits.Normal,
            PruneTarget = ReadPruneTarget(options, network),
            CheckBlocks = options[CheckBlocks],
            CheckLevel = options[CheckLevel],
            StopAtHeight = options[StopAtHeight],
            CheckBlockIndex = options[CheckBlockIndex],
            CrashRatio = int.TryParse(options[DbCrashRatio], CultureInfo.InvariantCulture, out var ratio) ? ratio : 0,
        };
    }

    private static string ReadBlocksDirectory(Options options, string directory, ChainParams network)
    {
        if (options[BlocksDir] is not { Length: > 0 } given || options.IsNegated(BlocksDir))
        {
            return Path.Combine(directory, "blocks");
        }

        return Directory.Exists(given)
            ? Path.GetFullPath(Path.Combine(given, network.DataDirectory, "blocks"))
            : throw new StartupException($"Specified blocks directory \"{given}\" does not exist.");
    }

    private static int ReadThreads(int given) =>
        Math.Clamp(given <= 0 ? given + Environment.ProcessorCount : given, 1, 16);

    private static long? ReadPruneTarget(Options options, ChainParams network)
    {
        var given = options[Prune];
        if (given == 0)
        {
            return null;
        }

        if (options.IsSet(DisableGovernance) && !options[DisableGovernance])
        {
            throw new StartupException("Prune mode is incompatible with -disablegovernance=false.");
        }

        if (options[ReindexChainstate])
        {
            throw new StartupException("Prune mode is incompatible with -reindex-chainstate. Use full -reindex instead.");
        }

        if (given < 0)
        {
            throw new StartupException("Prune cannot be configured with a negative value.");
        }

        if (given == 1)
        {
            return ChainPruning.Manual;
        }

        var least = network.Name == ChainNames.Regtest ? MinPruneTargetRegtest : MinPruneTarget;
        return given >= least / MiB
            ? given * MiB
            : throw new StartupException($"Prune configured below the minimum of {least / MiB} MiB.  Please use a higher number.");
    }

    // As dashd: the digits up to the first that is none, the last 64 of them.
    private static Uint256 ParseHex(string text)
    {
        var digits = text.Trim();
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        digits = new string([.. digits.TakeWhile(char.IsAsciiHexDigit)]);
        digits = digits.Length > 64 ? digits[^64..] : digits;
        return Uint256.Parse(digits.PadLeft(64, '0'));
    }
}
