using Dash.WalletServer.Rpc.Addresses;
using Dash.WalletServer.Rpc.Backup;
using Dash.WalletServer.Rpc.CoinJoin;
using Dash.WalletServer.Rpc.Coins;
using Dash.WalletServer.Rpc.Encryption;
using Dash.WalletServer.Rpc.Events;
using Dash.WalletServer.Rpc.Import;
using Dash.WalletServer.Rpc.Jobs;
using Dash.WalletServer.Rpc.Legacy;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Rpc.Transactions;
using Dash.WalletServer.Rpc.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>What the wallet serves, beside the methods every daemon has.</summary>
internal static class WalletMethods
{
    /// <summary>All of them, by family.</summary>
    public static IReadOnlyList<WalletMethod> All { get; } =
    [
        GetAddressesByLabel.Method,
        GetAddressInfo.Method,
        GetNewAddress.Method,
        GetRawChangeAddress.Method,
        KeypoolRefill.Method,
        ListAddressBalances.Method,
        ListAddressGroupings.Method,
        ListLabels.Method,
        SetLabel.Method,
        SignMessage.Method,

        BackupWallet.Method,
        ListDescriptors.Method,
        RestoreWallet.Method,

        GetBalance.Method,
        GetBalances.Method,
        GetReceivedByAddress.Method,
        GetReceivedByLabel.Method,
        GetUnconfirmedBalance.Method,
        ListLockUnspent.Method,
        ListQuarantine.Method,
        ListReceivedByAddress.Method,
        ListReceivedByLabel.Method,
        ListUnspent.Method,
        LockUnspent.Method,

        EncryptWallet.Method,
        WalletLock.Method,
        WalletPassphrase.Method,
        WalletPassphraseChange.Method,

        WaitForWalletEvent.Method,

        AbortWalletJob.Method,
        ListWalletJobs.Method,
        StartWalletJob.Method,

        AbortRescan.Method,
        ImportDescriptors.Method,
        ImportPrunedFunds.Method,
        RemovePrunedFunds.Method,

        SetCoinJoinAmount.Method,
        SetCoinJoinRounds.Method,

        .. LegacyMethods.All,

        ConsolidateCoins.Method,
        FundRawTransaction.Method,
        Send.Method,
        SendMany.Method,
        SendToAddress.Method,
        SetTxFee.Method,
        SignRawTransactionWithWallet.Method,
        SimulateRawTransaction.Method,
        WalletCreateFundedPsbt.Method,
        WalletProcessPsbt.Method,

        AbandonTransaction.Method,
        GetTransaction.Method,
        ListHistory.Method,
        ListSinceBlock.Method,
        ListTransactions.Method,
        RescanBlockchain.Method,
        WipeWalletTxes.Method,

        AcceptChain.Method,
        CreateWallet.Method,
        GetWalletInfo.Method,
        ListWalletDir.Method,
        ListWallets.Method,
        LoadWallet.Method,
        SetWalletFlag.Method,
        UnloadWallet.Method,
        UpgradeToHd.Method,
        UpgradeWallet.Method,
    ];
}
