using Dash.Node.Net.Wire;

namespace Dash.Node.Net.Connecting;

/// <summary>Chooses how messages are put on a connection.</summary>
/// <param name="magic">The network's four bytes.</param>
internal sealed class TransportFactory(ReadOnlyMemory<byte> magic)
{
    /// <summary>Makes the encrypted transport of a connection: with its number and whether the peer connected. Null: there is none.</summary>
    public Func<long, bool, IPeerTransport>? CreateV2 { get; init; }

    /// <summary>The transport of a connection.</summary>
    public IPeerTransport Create(long peer, bool isInbound, bool useV2) =>
        useV2 && CreateV2 is not null ? CreateV2(peer, isInbound) : new V1Transport(magic);
}
