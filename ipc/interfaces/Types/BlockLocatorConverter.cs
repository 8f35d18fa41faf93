using Dash.Ipc.Layout;
using Dash.Primitives.Blocks;

namespace Dash.Ipc.Interfaces.Types;

/// <summary>A block locator as a list of hashes.</summary>
public static class BlockLocatorConverter
{
    /// <summary>Reads a locator; throws <see cref="IpcFormatException"/> if it is longer than any is.</summary>
    public static BlockLocator Read(PointerReader pointer)
    {
        var list = pointer.GetList(ElementSize.Pointer);
        if (list.Count > BlockLocator.MaxHashes)
        {
            throw new IpcFormatException($"unexpected field size: a locator of {list.Count} hashes");
        }

        var hashes = new BlockHash[list.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BlockHashConverter.Read(list.GetPointer(i));
        }

        return new BlockLocator(hashes);
    }

    /// <summary>Writes a locator.</summary>
    public static void Write(PointerBuilder pointer, BlockLocator value)
    {
        ArgumentNullException.ThrowIfNull(value);
        pointer.WriteList(
            ElementSize.Pointer, value.Hashes, (list, i, hash) => BlockHashConverter.Write(list.GetPointer(i), hash));
    }
}
