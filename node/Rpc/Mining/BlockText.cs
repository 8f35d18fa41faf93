using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;

namespace Dash.Node.Rpc.Mining;

/// <summary>Blocks as callers give them: hex.</summary>
internal static class BlockText
{
    /// <summary>Reads a block. What follows it is passed over, as in Core.</summary>
    /// <param name="hex">The text.</param>
    /// <param name="block">The block.</param>
    /// <param name="data">Its bytes, without what follows.</param>
    public static bool TryParse(string hex, [NotNullWhen(true)] out Block? block, out ReadOnlyMemory<byte> data)
    {
        (block, data) = (null, default);
        if (!Hex.TryDecode(hex, out var bytes))
        {
            return false;
        }

        try
        {
            var reader = new SpanReader(bytes);
            block = Block.Read(ref reader);
            data = bytes.AsMemory(0, reader.Position);
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }
}
