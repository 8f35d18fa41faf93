using System.Collections.Immutable;
using Dash.Ipc.Capabilities;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// What a wallet cannot see of the chains that a payment would be part of: transactions of others, on which a payment to it builds or
/// which build on its own. The node is asked only about payments that build on something unconfirmed. One payment's.
/// </summary>
internal sealed class MempoolChains(NodeSession session, WalletSnapshot snapshot)
{
    private const int MostAtOnce = 10_000;

    /// <summary>Does a payment build on something unconfirmed, or on what is not the wallet's?</summary>
    public bool Concern(BuiltPayment payment) =>
        payment.Tx.Inputs.Any(input => snapshot.Pending.ContainsKey(input.PreviousOutput.Txid) || !snapshot.Coins.ContainsKey(input.PreviousOutput));

    /// <summary>
    /// The market with all that the node knows of such chains, if the coins of a payment were chosen on a wrong idea of them; null if they
    /// were not, or nobody can tell.
    /// </summary>
    public async Task<FeeMarket?> CorrectAsync(BuiltPayment payment, FeeMarket market, CancellationToken ct)
    {
        var parents = payment.Tx.Inputs.Select(static input => input.PreviousOutput.Txid).Where(snapshot.Pending.ContainsKey).Distinct();
        Lineage assumed = new(snapshot, market.Chains);
        var isWrong = false;
        foreach (var (txid, told) in await AskAsync(parents, ct).ConfigureAwait(false))
        {
            var known = assumed.Of(txid);
            isWrong |= told.Ancestors > known.Ancestors || told.Descendants > known.Descendants;
        }

        if (!isWrong)
        {
            return null;
        }

        var pending = snapshot.Coins.Values.Where(static coin => !coin.IsConfirmed).Select(static coin => coin.OutPoint.Txid).Distinct();
        return market with { Chains = await AskAsync(pending, ct).ConfigureAwait(false) };
    }

    /// <summary>Refuses a payment that the mempool would refuse for what it builds on. A node that cannot be asked says nothing.</summary>
    /// <exception cref="WalletException">It would.</exception>
    public async Task RequireRoomAsync(BuiltPayment payment, CancellationToken ct)
    {
        if (!await HasRoomAsync(payment.Tx, ct).ConfigureAwait(false))
        {
            throw new WalletException(WalletError.InsufficientFunds, TransactionBuilder.TooLongChain);
        }
    }

    private async Task<bool> HasRoomAsync(Transaction tx, CancellationToken ct)
    {
        try
        {
            return await session.Feed.HasRoomForAsync(tx.ToBytes(), ct).ConfigureAwait(false);
        }
        catch (Exception unable) when (unable is IpcException { Kind: IpcErrorKind.Unimplemented or IpcErrorKind.Disconnected } or ObjectDisposedException)
        {
            return true;
        }
    }

    private async Task<ImmutableDictionary<Txid, ChainLength>> AskAsync(IEnumerable<Txid> txids, CancellationToken ct)
    {
        var told = ImmutableDictionary.CreateBuilder<Txid, ChainLength>();
        try
        {
            foreach (var some in txids.Chunk(MostAtOnce))
            {
                var answers = await session.Feed.RelativesAsync(
                    [.. some.Select(static txid => (ReadOnlyMemory<byte>)txid.Value.ToArray())], ct).ConfigureAwait(false);
                foreach (var (txid, answer) in some.Zip(answers))
                {
                    told[txid] = new ChainLength((int)Math.Min(answer.Ancestors, int.MaxValue), (int)Math.Min(answer.Descendants, int.MaxValue));
                }
            }
        }
        catch (Exception unable) when (unable is IpcException { Kind: IpcErrorKind.Unimplemented or IpcErrorKind.Disconnected } or ObjectDisposedException)
        {
            return ImmutableDictionary<Txid, ChainLength>.Empty;
        }

        return told.ToImmutable();
    }
}
