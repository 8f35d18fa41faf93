using Dash.Primitives.Addresses;

namespace Dash.WalletServer.Rpc;

/// <summary>Order in which Core lists addresses: those of keys first, then those of scripts, each by the bytes of the hash.</summary>
internal sealed class DestinationOrder : IComparer<Destination?>
{
    /// <summary>The one.</summary>
    public static DestinationOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(Destination? x, Destination? y) => string.CompareOrdinal(Key(x), Key(y));

    private static string Key(Destination? destination) => destination switch
    {
        Destination.PubKeyHash keyHash => "1" + keyHash.KeyId,
        Destination.ScriptHash scriptHash => "2" + scriptHash.ScriptId,
        _ => "",
    };
}
