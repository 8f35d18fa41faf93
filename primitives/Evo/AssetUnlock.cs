using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>Payload of a withdrawal from the credit pool, as far as the rules checked here need it.</summary>
/// <param name="Version">1.</param>
/// <param name="Index">Number of the withdrawal; none may come twice.</param>
/// <param name="Fee">What the miner gets, out of the pool.</param>
internal sealed record AssetUnlock(byte Version, ulong Index, Amount Fee)
{
    private const int SignatureSize = 96;

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out AssetUnlock? unlock)
    {
        try
        {
            var reader = new SpanReader(payload);
            unlock = new AssetUnlock(reader.ReadByte(), reader.ReadUInt64(), new Amount(reader.ReadUInt32()));
            reader.Skip(sizeof(uint) + Uint256.Size + SignatureSize);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            unlock = null;
            return false;
        }
    }
}
