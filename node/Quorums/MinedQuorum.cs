using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;

namespace Dash.Node.Quorums;

/// <summary>A quorum whose commitment is in a block.</summary>
/// <param name="Hash">The block it was drawn by.</param>
/// <param name="Index">Its place in a cycle of rotated quorums.</param>
/// <param name="CommitmentHash">Hash of the commitment.</param>
/// <param name="MinedHeight">The block that holds it.</param>
internal sealed record MinedQuorum(BlockHash Hash, short Index, Uint256 CommitmentHash, int MinedHeight);
