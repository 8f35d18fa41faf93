using System.Buffers.Binary;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Which coins CoinJoin has mixed as often as wanted. One call's.</summary>
internal sealed class MixedCoins(WalletSnapshot snapshot, MixingRounds rounds)
{
    // Core: beyond the wanted rounds each further one is the last with a chance of a half, for at most so many.
    private const int MostExtraRounds = 3;

    /// <summary>A state of a wallet and what of it is mixed; the file is looked at only if there are coins that could be.</summary>
    public static (WalletSnapshot Snapshot, Amount Mixed) Look(WalletSnapshot now, Func<WalletView> open)
    {
        if (!now.Settings.CoinJoinEnabled || now.DenominatedCoins.IsEmpty)
        {
            return (now, Amount.Zero);
        }

        using var view = open();
        return (view.Snapshot, new MixedCoins(view.Snapshot, new MixingRounds(view)).Sum());
    }

    /// <summary>The sum of such coins; zero while CoinJoin is switched off.</summary>
    public Amount Sum()
    {
        var sum = Amount.Zero;
        if (!snapshot.Settings.CoinJoinEnabled)
        {
            return sum;
        }

        foreach (var coin in snapshot.DenominatedCoins.Values)
        {
            if (!coin.IsImmatureAt(snapshot.Tip.Height) && Contains(coin.OutPoint))
            {
                sum += coin.Value;
            }
        }

        return sum;
    }

    /// <summary>Whether a coin of the wallet has been mixed often enough.</summary>
    public bool Contains(OutPoint coin)
    {
        var wanted = snapshot.Settings.CoinJoin.Rounds;
        var done = rounds.Of(coin);
        return done >= wanted && (done >= wanted + MostExtraRounds || IsLastRound(coin));
    }

    private bool IsLastRound(OutPoint coin)
    {
        var writer = new ByteWriter(36 + Uint256.Size);
        writer.WriteUint256(coin.Txid.Value);
        writer.WriteUInt32(coin.Index);
        writer.WriteUint256(snapshot.CoinJoinSalt);
        Span<byte> hash = stackalloc byte[Uint256.Size];
        Hashes.Sha256(writer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) % 2 == 1;
    }
}
