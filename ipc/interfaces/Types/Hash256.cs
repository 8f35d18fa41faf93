using Dash.Ipc.Layout;
using Dash.Primitives.Hashing;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>The 32 bytes that hashes of every kind are.</summary>
internal static class Hash256
{
    public static Uint256 Read(PointerReader pointer)
    {
        var data = pointer.GetData().Span;
        return data.Length == Uint256.Size
            ? new Uint256(data)
            : throw new IpcFormatException($"unexpected field size: a hash of {data.Length} bytes");
    }

    public static void Write(PointerBuilder pointer, Uint256 value) => value.CopyTo(pointer.InitData(Uint256.Size));
}
