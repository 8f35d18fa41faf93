using Dash.Node.Rpc.AddressIndex;
using Dash.Node.Rpc.Blockchain;
using Dash.Node.Rpc.Evo;
using Dash.Node.Rpc.Masternodes;
using Dash.Node.Rpc.Mempool;
using Dash.Node.Rpc.Mining;
using Dash.Node.Rpc.Network;
using Dash.Node.Rpc.Psbt;
using Dash.Node.Rpc.RawTransactions;
using Dash.Node.Rpc.Util;

namespace Dash.Node.Rpc;

/// <summary>What the node serves, beside the methods every daemon has.</summary>
internal static class NodeMethods
{
    /// <summary>All of them, in no order that matters.</summary>
    public static IReadOnlyList<NodeMethod> All { get; } =
    [
        CommandGroup.Create("dash", "masternode", "Commands about masternodes.", MasternodeCount.Method, MasternodeListing.Composite, MasternodeWinners.Method),
        CommandGroup.Create("evo", "protx", "Commands about registrations of masternodes.", ProTxInfo.Method, ProTxList.Method, ProTxListDiff.Method),
        MasternodeCount.Method,
        MasternodeListing.Composite,
        MasternodeListing.Method,
        MasternodeWinners.Method,
        ProTxInfo.Method,
        ProTxList.Method,
        ProTxListDiff.Method,

        GetAddressBalance.Method,
        GetAddressDeltas.Method,
        GetAddressMempool.Method,
        GetAddressTxids.Method,
        GetAddressUtxos.Method,
        GetBlockFilter.Method,
        GetBlockHashes.Method,
        GetIndexInfo.Method,
        GetSpentInfo.Method,

        DumpTxOutSet.Method,
        GetBestBlockHash.Method,
        GetBestChainLock.Method,
        GetBlock.Method,
        GetBlockchainInfo.Method,
        GetBlockCount.Method,
        GetBlockFromPeer.Method,
        GetBlockHash.Method,
        GetBlockHeader.Method,
        GetBlockHeaders.Method,
        GetBlockStats.Method,
        GetChainTips.Method,
        GetChainTxStats.Method,
        GetDifficulty.Method,
        GetMempoolAncestors.Method,
        GetMempoolDescendants.Method,
        GetMempoolEntry.Method,
        GetMempoolInfo.Method,
        GetMerkleBlocks.Method,
        GetRawMempool.Method,
        GetSpecialTxes.Method,
        GetTxOut.Method,
        GetTxOutProof.Method,
        GetTxOutSetInfo.Method,
        GetTxSpendingPrevout.Method,
        InvalidateBlock.Method,
        PruneBlockchain.Method,
        PreciousBlock.Method,
        PrioritiseTransaction.Method,
        ReconsiderBlock.Method,
        SaveMempool.Method,
        ScanTxOutSet.Method,
        SyncWithValidationInterfaceQueue.Method,
        VerifyChain.Method,
        VerifyTxOutProof.Method,
        WaitForBlock.Method,
        WaitForBlockHeight.Method,
        WaitForNewBlock.Method,

        AnalyzePsbt.Method,
        CombinePsbt.Method,
        CombineRawTransaction.Method,
        ConvertToPsbt.Method,
        CreatePsbt.Method,
        CreateRawTransaction.Method,
        DecodePsbt.Method,
        DecodeRawTransaction.Method,
        DecodeScript.Method,
        FinalizePsbt.Method,
        GetIsLocks.Method,
        GetRawTransaction.Method,
        GetRawTransactionMulti.Method,
        GetTxChainLocks.Method,
        JoinPsbts.Method,
        SendRawTransaction.Method,
        SignRawTransactionWithKey.Method,
        SubmitPackage.Method,
        TestMempoolAccept.Method,
        UtxoUpdatePsbt.Method,

        Generate.Method,
        GenerateBlock.Method,
        GenerateToAddress.Method,
        GenerateToDescriptor.Method,
        GetBlockTemplate.Method,
        GetMiningInfo.Method,
        GetNetworkHashPs.Method,
        SubmitBlock.Method,
        SubmitHeader.Method,

        CreateMultisig.Method,
        DeriveAddresses.Method,
        EchoIpc.Method,
        EstimateRawFee.Method,
        EstimateSmartFee.Method,
        GetDescriptorInfo.Method,
        EnumerateSigners.Method,
        GetZmqNotifications.Method,
        SignMessageWithPrivKey.Method,
        ValidateAddress.Method,
        VerifyMessage.Method,

        MnSync.Method,
        Spork.Method,
        SporkUpdate.Method,

        AddConnection.Method,
        AddNode.Method,
        AddPeerAddress.Method,
        ClearBanned.Method,
        ClearDiscouraged.Method,
        DisconnectNode.Method,
        GetAddedNodeInfo.Method,
        GetConnectionCount.Method,
        GetNetTotals.Method,
        GetNetworkInfo.Method,
        GetNodeAddresses.Method,
        GetPeerInfo.Method,
        ListBanned.Method,
        Network.Ping.Method,
        SendMsgToPeer.Method,
        SetBan.Method,
        SetNetworkActive.Method,
    ];
}
