namespace Dash.Node.Net.Wire;

/// <summary>Bounds of the peer-to-peer protocol.</summary>
internal static class NetLimits
{
    /// <summary>The protocol spoken.</summary>
    public const int ProtocolVersion = 70240;

    /// <summary>Older peers are not spoken to.</summary>
    public const int MinPeerVersion = 70221;

    /// <summary>From here on peers may be told addresses of all networks (BIP155).</summary>
    public const int AddrV2Version = 70223;

    /// <summary>From here on a message of compressed headers may have 8,000.</summary>
    public const int MoreHeaders2Version = 70235;

    /// <summary>Contents of a message, bytes.</summary>
    public const int MaxMessage = 3 * 1024 * 1024;

    /// <summary>Entries of an <c>inv</c> or <c>getdata</c> that are read.</summary>
    public const int MaxInventory = 50_000;

    /// <summary>Entries of a <c>getdata</c> we send.</summary>
    public const int MaxGetData = 1_000;

    /// <summary>Hashes of a locator.</summary>
    public const int MaxLocator = 101;

    /// <summary>Headers of a <c>headers</c>.</summary>
    public const int MaxHeaders = 2_000;

    /// <summary>Headers of a <c>headers2</c>, from <see cref="MoreHeaders2Version"/> on.</summary>
    public const int MaxHeaders2 = 8_000;

    /// <summary>Characters of a version's user agent.</summary>
    public const int MaxSubversion = 256;

    /// <summary>Seconds of silence after which a connection is given up.</summary>
    public const int TimeoutSeconds = 20 * 60;

    /// <summary>Connections kept by <c>addnode</c> at once.</summary>
    public const int MaxAddedConnections = 8;

    /// <summary>Blocks that a node has which does not have all.</summary>
    public const int LimitedBlocks = 288;

    /// <summary>Headers a message of a kind may have between peers of a common version.</summary>
    public static int Headers(bool isCompressed, int commonVersion) =>
        isCompressed && commonVersion >= MoreHeaders2Version ? MaxHeaders2 : MaxHeaders;
}
