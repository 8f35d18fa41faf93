using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "UpdateTip: new best={Hash} height={Height} version=0x{Version} log2_work={Work} tx={Transactions} "
            + "date='{Date}' progress={Progress} cache={CacheMiB}MiB({Coins}txo){Warning}")]
    public static partial void NewTip(
        ILogger log,
        BlockHash hash,
        int height,
        string version,
        string work,
        long transactions,
        string date,
        string progress,
        string cacheMiB,
        int coins,
        string warning);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Mark} AcceptBlockHeader: Consensus::ContextualCheckBlockHeader: {Hash}, {State}")]
    public static partial void HeaderRefused(ILogger log, BlockHash hash, ValidationState state, string mark = "ERROR:");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mark} ProcessNewBlock: AcceptBlock FAILED ({State})")]
    public static partial void BlockRefused(ILogger log, ValidationState state, string mark = "ERROR:");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mark} ConnectBlock(): CheckInputScripts on {Txid} failed with {State}")]
    public static partial void ScriptsRefused(ILogger log, Txid txid, ValidationState state, string mark = "ERROR:");

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name} prune lock moved back to {Height}")]
    public static partial void PruneLockMoved(ILogger log, string name, int height);

    [LoggerMessage(Level = LogLevel.Error, Message = "ConnectTip: ConnectBlock {Hash} failed, {State}")]
    public static partial void ConnectFailed(ILogger log, BlockHash hash, ValidationState state);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Building the masternode list of block {To} from the blocks since {From}")]
    public static partial void BuildingMasternodes(ILogger log, int from, int to);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded best chain: hashBestChain={Hash} height={Height}")]
    public static partial void LoadedChain(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "Validating signatures for all blocks.")]
    public static partial void ValidatingAll(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Assuming ancestors of block {Hash} have valid signatures.")]
    public static partial void AssumingValid(ILogger log, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Information, Message = "Checking all blk files are present...")]
    public static partial void CheckingFiles(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Switching active chainstate to Chainstate [ibd] @ height {Height}")]
    public static partial void SwitchingChainstate(ILogger log, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "init message: Verifying blocks…")]
    public static partial void VerifyingBlocks(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The index names {Count} blocks (heights {Lowest} to {Highest}) that are not in {Path}, as after a power cut: they are downloaded again")]
    public static partial void BlocksLost(ILogger log, int count, int lowest, int highest, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    public static partial void StorageFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replaying blocks")]
    public static partial void ReplayingBlocks(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rolling back {Hash} ({Height})")]
    public static partial void RollingBack(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rolling forward {Hash} ({Height})")]
    public static partial void RollingForward(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "Verifying last {Depth} blocks at level {Level}")]
    public static partial void Verifying(ILogger log, int depth, int level);

    [LoggerMessage(Level = LogLevel.Information, Message = "Verification progress: {Percent}%")]
    public static partial void VerificationProgress(ILogger log, int percent);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "VerifyDB(): block verification stopping at height {Height} (pruning, no data)")]
    public static partial void VerifyingStops(ILogger log, int height);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Skipped verification of level >=3 (insufficient database cache size). Consider increasing -dbcache.")]
    public static partial void VerificationSkipped(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Verification: No coin database inconsistencies in last {Blocks} blocks ({Transactions} transactions)")]
    public static partial void Verified(ILogger log, int blocks, int transactions);

    [LoggerMessage(Level = LogLevel.Error, Message = "VerifyDB(): *** {What} at {Block} {Detail}")]
    public static partial void VerificationFailed(ILogger log, string what, BlockNode block, string detail);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "target={Target}MiB actual={Actual}MiB diff={Difference}MiB max_prune_height={Last} removed {Count} blk/rev pairs")]
    public static partial void Pruned(ILogger log, long target, long actual, long difference, int last, int count);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Prune (Manual): prune_height={Last} removed {Count} blk/rev pairs")]
    public static partial void PrunedManually(ILogger log, int last, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name} limited pruning to height {Height}")]
    public static partial void PruningLimited(ILogger log, string name, int height);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Removing unusable blk?????.dat and rev?????.dat files for -reindex with -prune")]
    public static partial void RemovingUnusable(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reindexing block file {Name}...")]
    public static partial void ReindexingFile(ILogger log, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reindexing finished")]
    public static partial void ReindexingFinished(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Importing blocks file {Path}...")]
    public static partial void ImportingFile(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Warning} Could not open blocks file {Path}")]
    public static partial void ImportNotOpened(ILogger log, string path, string warning = "Warning:");

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} blocks from external file in {Ms}ms")]
    public static partial void Imported(ILogger log, int count, long ms);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "LoadExternalBlockFile: Out of order block {Hash}, parent {Parent} not known")]
    public static partial void OutOfOrder(ILogger log, BlockHash hash, BlockHash parent);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "LoadExternalBlockFile: Processing out of order child {Hash} of {Parent}")]
    public static partial void OutOfOrderChild(ILogger log, BlockHash hash, BlockHash parent);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "LoadExternalBlockFile: unexpected data at file offset 0x{Offset}. continuing")]
    public static partial void UnexpectedData(ILogger log, string offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping after block import")]
    public static partial void StoppingAfterImport(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Flushed {Coins} coins in {Ms}ms")]
    public static partial void Flushed(ILogger log, int coins, long ms);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Not verified by this node: {What}. See docs/consensus.md.")]
    public static partial void NotVerified(ILogger log, string what);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "CheckForkWarningConditions: Warning: Found invalid chain which has higher work (at least ~6 blocks worth of work) than our "
            + "best chain.\nChain state database corruption likely.")]
    public static partial void BetterForkIsInvalid(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "ResetBlockFailureFlags: the best known invalid block ({Hash}) is ahead of our tip, reconsidering")]
    public static partial void TryingInvalidAgain(ILogger log, BlockHash hash);

    [LoggerMessage(Level = LogLevel.Critical, Message = "*** {Reason}")]
    public static partial void Broken(ILogger log, string reason, Exception exception);
}
