using Dash.Primitives.Units;

namespace Dash.WalletServer.Spending;

/// <summary>Coins that are spent together or not at all, with the sums a selection asks for.</summary>
internal sealed class OutputGroup
{
    private readonly AvailableCoin _first;
    private List<AvailableCoin>? _more; // a wallet makes thousands of groups of one

    /// <summary>A group of one coin.</summary>
    public OutputGroup(AvailableCoin first, FeeRate rate, bool subtractFee, Lineage lineage)
    {
        _first = first;
        Count(first, rate, subtractFee, lineage);
    }

    /// <summary>The coins.</summary>
    public IEnumerable<AvailableCoin> Coins => _more is null ? [_first] : _more.Prepend(_first);

    /// <summary>How many.</summary>
    public int Size => 1 + (_more?.Count ?? 0);

    /// <summary>Sum of the amounts.</summary>
    public Amount Value { get; private set; }

    /// <summary>What the group brings towards the target: effective value, or the plain sum where recipients bear the fee.</summary>
    public Amount SelectionAmount { get; private set; }

    /// <summary>Depth of the least confirmed coin.</summary>
    public int Depth { get; private set; } = int.MaxValue;

    /// <summary>All from transactions of ours.</summary>
    public bool IsFromMe { get; private set; } = true;

    /// <summary>All locked by InstantSend.</summary>
    public bool IsInstantLocked { get; private set; } = true;

    /// <summary>Unconfirmed ancestors the new transaction would get, counted coin by coin (so possibly too many).</summary>
    public int Ancestors { get; private set; }

    /// <summary>Most unconfirmed descendants any ancestor has.</summary>
    public int Descendants { get; private set; }

    /// <summary>Adds another coin.</summary>
    public void Add(AvailableCoin coin, FeeRate rate, bool subtractFee, Lineage lineage)
    {
        (_more ??= []).Add(coin);
        Count(coin, rate, subtractFee, lineage);
    }

    private void Count(AvailableCoin coin, FeeRate rate, bool subtractFee, Lineage lineage)
    {
        Value += coin.Coin.Value;
        SelectionAmount += subtractFee ? coin.Coin.Value : coin.EffectiveValue(rate);
        Depth = Math.Min(Depth, coin.Depth);
        IsFromMe &= coin.Coin.FromMe;
        var (ancestors, descendants) = lineage.Of(coin.Coin.OutPoint.Txid);
        IsInstantLocked &= coin.Coin.IsInstantLocked;
        Ancestors += ancestors;
        Descendants = Math.Max(Descendants, descendants);
    }
}
