using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mining;

/// <summary>A block that is complete but for its merkle root and proof of work.</summary>
/// <param name="Block">The block; its header's merkle root is zero.</param>
/// <param name="Height">Its height.</param>
/// <param name="Fees">What each transaction pays; of the coinbase, minus what all of them pay.</param>
/// <param name="SigOps">Signature operations of each transaction.</param>
/// <param name="Size">Bytes, as they are counted while it is filled.</param>
/// <param name="MasternodePayments">Outputs of the coinbase that are due to masternodes and the platform.</param>
internal sealed record BlockTemplate(
    Block Block,
    int Height,
    IReadOnlyList<Amount> Fees,
    IReadOnlyList<int> SigOps,
    long Size,
    IReadOnlyList<TxOut> MasternodePayments);
