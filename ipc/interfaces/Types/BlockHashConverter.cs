using Dash.Ipc.Layout;
using Dash.Primitives.Blocks;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>A block hash as 32 bytes of Data, in wire order.</summary>
public static class BlockHashConverter
{
    /// <summary>Reads a hash; throws <see cref="IpcFormatException"/> if it has not 32 bytes.</summary>
    public static BlockHash Read(PointerReader pointer) => new(Hash256.Read(pointer));

    /// <summary>Writes a hash.</summary>
    public static void Write(PointerBuilder pointer, BlockHash value) => Hash256.Write(pointer, value.Value);
}
