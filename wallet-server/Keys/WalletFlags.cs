namespace Dash.WalletServer.Keys;

/// <summary>The <c>flags</c> record: 64 bits, of which unknown ones in the upper half forbid loading.</summary>
[Flags]
internal enum WalletFlags : ulong
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Money on an address that has been spent from is not picked automatically.</summary>
    AvoidReuse = 1UL << 0,

    /// <summary>Key origins are recorded (legacy wallets).</summary>
    KeyOriginMetadata = 1UL << 1,

    /// <summary>The descriptor caches hold the last hardened extended key.</summary>
    LastHardenedXpubCached = 1UL << 2,

    /// <summary>No secret may ever be stored.</summary>
    DisablePrivateKeys = 1UL << 32,

    /// <summary>Nothing has been set up yet.</summary>
    Blank = 1UL << 33,

    /// <summary>A wallet of descriptors.</summary>
    Descriptors = 1UL << 34,

    /// <summary>Signatures come from a device.</summary>
    ExternalSigner = 1UL << 35,

    /// <summary>Every bit this program knows.</summary>
    Known = AvoidReuse | KeyOriginMetadata | LastHardenedXpubCached | DisablePrivateKeys | Blank | Descriptors | ExternalSigner,
}
