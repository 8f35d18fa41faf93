using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Evo;

/// <summary>What an Evo masternode tells about its platform node.</summary>
/// <param name="NodeId">The platform node's id.</param>
/// <param name="P2pPort">Port for its peers; before version 3 only.</param>
/// <param name="HttpPort">Port for its clients; before version 3 only.</param>
public readonly record struct PlatformFields(Hash160 NodeId, ushort P2pPort = 0, ushort HttpPort = 0)
{
    /// <summary>Reads them in the form of a payload's version.</summary>
    internal static PlatformFields Read(ref SpanReader reader, ushort version)
    {
        var id = reader.ReadHash160();
        return version < ProTxVersion.ExtendedAddresses
            ? new PlatformFields(id, reader.ReadUInt16(), reader.ReadUInt16())
            : new PlatformFields(id);
    }

    /// <summary>Writes them in the form of a payload's version.</summary>
    internal void Write(ByteWriter writer, ushort version)
    {
        writer.WriteHash160(NodeId);
        if (version < ProTxVersion.ExtendedAddresses)
        {
            writer.WriteUInt16(P2pPort);
            writer.WriteUInt16(HttpPort);
        }
    }
}
