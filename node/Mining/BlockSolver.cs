using System.Buffers.Binary;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Hashing.X11;

namespace Dash.Node.Mining;

/// <summary>Searches a nonce. Pure computing; on the validation loop only for a few tries.</summary>
internal static class BlockSolver
{
    private const int NonceOffset = 76;
    private const int TriesBetweenChecks = 256;

    /// <summary>Sets the merkle root and searches a nonce from zero.</summary>
    /// <param name="block">The block; its merkle root and nonce do not matter.</param>
    /// <param name="tries">Hashes that may still be tried; counted down.</param>
    /// <param name="ct">Gives up searching.</param>
    /// <returns>The solved block; null when tries or nonces ran out, or it was cancelled.</returns>
    public static Block? Solve(Block block, ref long tries, CancellationToken ct)
    {
        var header = block.Header with { MerkleRoot = block.ComputeMerkleRoot(out _), Nonce = 0 };
        if (!CompactTarget.TryDecode(header.Bits, out var target))
        {
            return null;
        }

        var bytes = header.ToBytes();
        var limit = CompactTarget.ToUint256(target);
        Span<byte> hash = stackalloc byte[Uint256.Size];
        for (uint nonce = 0; tries > 0 && nonce < uint.MaxValue; nonce++)
        {
            if (nonce % TriesBetweenChecks == 0 && ct.IsCancellationRequested)
            {
                return null;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(NonceOffset), nonce);
            X11Hash.Hash(bytes, hash);
            if (new Uint256(hash) <= limit)
            {
                return new Block(header with { Nonce = nonce }, block.Transactions);
            }

            tries--;
        }

        return null;
    }
}
