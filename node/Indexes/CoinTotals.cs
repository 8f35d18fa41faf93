using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Units;

namespace Dash.Node.Indexes;

/// <summary>What there is at a block: the unspent coins, and how they came to be. Sums from the genesis block on.</summary>
internal sealed record CoinTotals
{
    /// <summary>Before the genesis block.</summary>
    public static CoinTotals None { get; } = new();

    /// <summary>Hash of the set of unspent coins.</summary>
    public Uint256 MuHash { get; init; }

    /// <summary>Unspent coins.</summary>
    public long Outputs { get; init; }

    /// <summary>A measure of their size that does not depend on the database.</summary>
    public long BogoSize { get; init; }

    /// <summary>Their sum.</summary>
    public Amount Amount { get; init; }

    /// <summary>What blocks could make.</summary>
    public Amount Subsidy { get; init; }

    /// <summary>What nobody can ever spend.</summary>
    public Amount Unspendable { get; init; }

    /// <summary>Coins that were spent.</summary>
    public Amount Spent { get; init; }

    /// <summary>Coins that were made, but not by coinbases.</summary>
    public Amount NewOutputs { get; init; }

    /// <summary>Coins that coinbases made.</summary>
    public Amount Coinbase { get; init; }

    /// <summary>Of <see cref="Unspendable"/>, what the genesis block paid.</summary>
    public Amount UnspendableGenesis { get; init; }

    /// <summary>Of <see cref="Unspendable"/>, coins that others of the same name took the place of: none in Dash.</summary>
    public Amount UnspendableBip30 { get; init; }

    /// <summary>Of <see cref="Unspendable"/>, outputs whose scripts can never be satisfied.</summary>
    public Amount UnspendableScripts { get; init; }

    /// <summary>Of <see cref="Unspendable"/>, what miners did not take.</summary>
    public Amount Unclaimed { get; init; }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static CoinTotals Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        return new CoinTotals
        {
            MuHash = reader.ReadUint256(),
            Outputs = reader.ReadInt64(),
            BogoSize = reader.ReadInt64(),
            Amount = new Amount(reader.ReadInt64()),
            Subsidy = new Amount(reader.ReadInt64()),
            Unspendable = new Amount(reader.ReadInt64()),
            Spent = new Amount(reader.ReadInt64()),
            NewOutputs = new Amount(reader.ReadInt64()),
            Coinbase = new Amount(reader.ReadInt64()),
            UnspendableGenesis = new Amount(reader.ReadInt64()),
            UnspendableBip30 = new Amount(reader.ReadInt64()),
            UnspendableScripts = new Amount(reader.ReadInt64()),
            Unclaimed = new Amount(reader.ReadInt64()),
        };
    }

    /// <summary>The value of the database.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(Uint256.Size + (12 * sizeof(long)));
        writer.WriteUint256(MuHash);
        writer.WriteInt64(Outputs);
        writer.WriteInt64(BogoSize);
        foreach (var amount in (Amount[])[
            Amount, Subsidy, Unspendable, Spent, NewOutputs, Coinbase, UnspendableGenesis, UnspendableBip30, UnspendableScripts, Unclaimed])
        {
            writer.WriteInt64(amount.Duffs);
        }

        return writer.ToArray();
    }
}
