namespace Dash.Primitives.Evo;

/// <summary>What an address of a masternode is for; the numbers are those of the wire.</summary>
public enum NetInfoPurpose : byte
{
    /// <summary>The payment chain's peers; every masternode has one.</summary>
    CoreP2p = 0,

    /// <summary>The platform's peers; Evo masternodes.</summary>
    PlatformP2p = 1,

    /// <summary>The platform's clients; Evo masternodes.</summary>
    PlatformHttps = 2,
}
