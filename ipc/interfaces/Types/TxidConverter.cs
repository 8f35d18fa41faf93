using Dash.Ipc.Layout;
using Dash.Primitives.Transactions;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>A txid as 32 bytes of Data, in wire order.</summary>
public static class TxidConverter
{
    /// <summary>Reads a txid; throws <see cref="IpcFormatException"/> if it has not 32 bytes.</summary>
    public static Txid Read(PointerReader pointer) => new(Hash256.Read(pointer));

    /// <summary>Writes a txid.</summary>
    public static void Write(PointerBuilder pointer, Txid value) => Hash256.Write(pointer, value.Value);
}
