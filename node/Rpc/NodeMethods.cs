using Dash.Node.Rpc.Blockchain;
using Dash.Node.Rpc.Mempool;
using Dash.Node.Rpc.Mining;
using Dash.Node.Rpc.Network;
using Dash.Node.Rpc.RawTransactions;
using Dash.Node.Rpc.Util;

namespace Dash.Node.Rpc;

/// <summary>What the node serves, beside the methods every daemon has.</summary>
internal static class NodeMethods
{
    /// <summary>All of them, in no order that matters.</summary>
    public static IReadOnlyList<NodeMethod> All { get; } =
    [
        GetBestBlockHash.Method,
        GetBlock.Method,
        GetBlockchainInfo.Method,
        GetBlockCount.Method,
        GetBlockHash.Method,
        GetBlockHeader.Method,
        GetChainTips.Method,
        GetDifficulty.Method,
        GetMempoolAncestors.Method,
        GetMempoolDescendants.Method,
        GetMempoolEntry.Method,
        GetMempoolInfo.Method,
        GetRawMempool.Method,
        GetTxOut.Method,
        GetTxOutSetInfo.Method,
        InvalidateBlock.Method,
        PruneBlockchain.Method,
        ReconsiderBlock.Method,
        SyncWithValidationInterfaceQueue.Method,
        VerifyChain.Method,

        CreateRawTransaction.Method,
        DecodeRawTransaction.Method,
        DecodeScript.Method,
        GetRawTransaction.Method,
        SendRawTransaction.Method,
        TestMempoolAccept.Method,

        GenerateBlock.Method,
        GenerateToAddress.Method,
        GenerateToDescriptor.Method,
        GetMiningInfo.Method,
        GetNetworkHashPs.Method,
        SubmitBlock.Method,

        DeriveAddresses.Method,
        EstimateSmartFee.Method,
        GetDescriptorInfo.Method,
        ValidateAddress.Method,

        AddNode.Method,
        DisconnectNode.Method,
        GetAddedNodeInfo.Method,
        GetConnectionCount.Method,
        GetNetTotals.Method,
        GetNetworkInfo.Method,
        GetPeerInfo.Method,
        Network.Ping.Method,
        SetNetworkActive.Method,
    ];
}
