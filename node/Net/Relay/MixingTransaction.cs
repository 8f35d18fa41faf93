using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Net.Relay;

/// <summary>The contents of <c>dstx</c>: a transaction that mixes, and the masternode that vouches for it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="ProTxHash">The masternode's registration.</param>
internal sealed record MixingTransaction(Transaction Transaction, Txid ProTxHash)
{
    private const int MostInputsOfOne = 9;

    /// <summary>Reads one; the signature and its time are not kept. Throws <see cref="EncodingException"/>.</summary>
    public static MixingTransaction Read(ref SpanReader reader)
    {
        MixingTransaction read = new(Transaction.Read(ref reader), new Txid(reader.ReadUint256()));
        reader.ReadVarBytes();
        reader.ReadInt64();
        return read;
    }

    /// <summary>Whether it could be the result of a mixing session.</summary>
    public bool IsWellFormed(ChainParams network) =>
        ProTxHash.Value != Uint256.Zero
        && Transaction.Inputs.Length == Transaction.Outputs.Length
        && Transaction.Inputs.Length >= network.CoinJoinMinParticipants
        && Transaction.Inputs.Length <= network.CoinJoinMaxParticipants * MostInputsOfOne
        && Transaction.Outputs.All(static output =>
            MixingDenominations.Contains(output.Value) && ScriptTemplates.IsPayToPubKeyHash(output.ScriptPubKey.Span));
}
