namespace Dash.WalletServer.Storage;

/// <summary>The names of Core's records that this program reads or writes.</summary>
internal static class RecordName
{
#pragma warning disable CS1591 // The names are Core's and say what they are; dash-wallet's own are in WalletTables.
    public const string ActiveExternal = "activeexternalspk";
    public const string ActiveInternal = "activeinternalspk";
    public const string BestBlock = "bestblock";
    public const string BestBlockNoMerkle = "bestblock_nomerkle";
    public const string CoinJoinSalt = "cj_salt";
    public const string Destination = "destdata";
    public const string Descriptor = "walletdescriptor";
    public const string DescriptorCache = "walletdescriptorcache";
    public const string DescriptorCryptedKey = "walletdescriptorckey";
    public const string DescriptorKey = "walletdescriptorkey";
    public const string DescriptorLastHardenedCache = "walletdescriptorlhcache";
    public const string Flags = "flags";
    public const string GovernanceObject = "g_object";
    public const string LockedCoin = "lockedutxo";
    public const string MasterKey = "mkey";
    public const string MinVersion = "minversion";
    public const string Name = "name";
    public const string ObsoleteKey = "wkey";
    public const string OrderPosNext = "orderposnext";
    public const string Purpose = "purpose";
    public const string Transaction = "tx";
    public const string Version = "version";
#pragma warning restore CS1591
}
