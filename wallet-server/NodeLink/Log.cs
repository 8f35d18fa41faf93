using Dash.Ipc.Transports;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>Lines about the node and the way there; always in the log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for IPC connections on {Address}")]
    public static partial void Listening(ILogger log, IpcAddress address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Attached to node {Version} at {Address}")]
    public static partial void Attached(ILogger logger, string version, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node at {Address} is no longer attached ({Reason}); wallets go on without it")]
    public static partial void Detached(ILogger logger, string address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    public static partial void NoNode(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node that started this process is gone")]
    public static partial void ParentGone(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Following the node's chain failed")]
    public static partial void FollowingFailed(ILogger logger, Exception reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node's news were dropped, because they came too fast; catching up")]
    public static partial void Behind(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "[{Wallet}] The node's chain has left ours: back from {Tip} at height {Height} to {Fork} at height {ForkHeight}")]
    public static partial void GoingBack(ILogger logger, string wallet, BlockHash tip, int height, BlockHash fork, int forkHeight);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "[{Wallet}] The wallet is at height {Height} and the node only at {NodeHeight}: waiting until it has caught up")]
    public static partial void NodeIsShorter(ILogger logger, string wallet, int height, int nodeHeight);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Wallet}] The node has pruned blocks that are missing here: waiting ({Reason})")]
    public static partial void BlocksArePruned(ILogger logger, string wallet, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Wallet}] The rescan cannot look at blocks up to height {Height}: the node has pruned them")]
    public static partial void RescanLacksBlocks(ILogger logger, string wallet, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Still rescanning. At block {Height}.")]
    public static partial void CatchingUp(ILogger logger, string wallet, int height);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Follows the node from block {Tip} at height {Height}")]
    public static partial void CaughtUp(ILogger logger, string wallet, BlockHash tip, int height);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Wallet}] The wallet cannot follow the chain any more until it is loaded again")]
    public static partial void WalletLost(ILogger logger, string wallet, Exception reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node tells nothing any more: it is asked again to")]
    public static partial void SubscriptionEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "A wallet has not caught up with the node in {Seconds} s; answering from what is known")]
    public static partial void StillBehind(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "[{Wallet}] A payment was made, and the answer to its caller could not be kept: who asks again gets one that is made of the payment ({Reason})")]
    public static partial void AnswerNotKept(ILogger logger, string wallet, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "[{Wallet}] CommitTransaction(): Transaction cannot be broadcast immediately, {Reason}")]
    public static partial void NotSentYet(ILogger logger, string wallet, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Submitting wtx {Txid} to mempool for relay")]
    public static partial void Offered(ILogger logger, string wallet, Txid txid);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "[{Wallet}] ResendWalletTransactions: resubmit {Count} unconfirmed transactions")]
    public static partial void Resent(ILogger logger, string wallet, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Rescan started from block {Hash}... ({Variant})")]
    public static partial void ScanStarted(ILogger logger, string wallet, BlockHash hash, string variant);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] The node does not take {Txid}: {Reason}")]
    public static partial void OfferRefused(ILogger logger, string wallet, Txid txid, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Offering transactions to the node was interrupted ({Reason})")]
    public static partial void OfferInterrupted(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node: {State}{Reason}")]
    public static partial void NodeStatus(ILogger logger, string state, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "[{Wallet}] The node's chain contradicts the wallet's: waiting ({Reason})")]
    public static partial void ChainContradicts(ILogger logger, string wallet, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "This side's IPC certificate has the fingerprint {Fingerprint}")]
    public static partial void Identity(ILogger logger, string fingerprint);

    /// <summary>Which of two ways to pay was taken, for a lesser fee or more privacy.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Fee non-grouped = {Plain}, grouped = {Grouped}, using {Used}")]
    public static partial void Grouping(ILogger logger, string wallet, long plain, long grouped, string used);
}
