using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Chain;

/// <summary>The lines this folder logs; those dashd writes too have its words.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "UpdateTip: new best={Hash} height={Height} version=0x{Version} log2_work={Work} tx={Transactions} "
            + "date='{Date}' progress={Progress} cache={CacheMiB}MiB({Coins}txo)")]
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
        int coins);

    [LoggerMessage(Level = LogLevel.Error, Message = "ConnectTip: ConnectBlock {Hash} failed, {State}")]
    public static partial void ConnectFailed(ILogger log, BlockHash hash, ValidationState state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded best chain: hashBestChain={Hash} height={Height}")]
    public static partial void LoadedChain(ILogger log, BlockHash hash, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replaying blocks {From} to {To}")]
    public static partial void Replaying(ILogger log, int from, int to);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Flushed {Coins} coins in {Ms}ms")]
    public static partial void Flushed(ILogger log, int coins, long ms);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Not verified by this node: {What}. See docs/consensus.md.")]
    public static partial void NotVerified(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The chain state failed: {Reason}")]
    public static partial void Broken(ILogger log, string reason, Exception exception);
}
