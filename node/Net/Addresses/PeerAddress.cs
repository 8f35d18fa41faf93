namespace Dash.Node.Net.Addresses;

/// <summary>What is known of a peer by hearsay.</summary>
/// <param name="Endpoint">Where it is reached.</param>
/// <param name="Services">What it is said to offer, as bits.</param>
/// <param name="Time">When it was last seen, seconds since 1970.</param>
internal readonly record struct PeerAddress(NetEndpoint Endpoint, ulong Services, uint Time)
{
    /// <summary>The time of an address nobody has seen: 100,000,000.</summary>
    public const uint UnknownTime = 100_000_000;
}
