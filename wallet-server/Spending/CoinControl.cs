using System.Collections.Immutable;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Spending;

/// <summary>Which coins a payment or a list may use; the numbers are those of listunspent's <c>coinType</c>.</summary>
internal enum CoinType
{
    /// <summary>Any.</summary>
    All = 0,

    /// <summary>Denominated and mixed as often as wanted.</summary>
    OnlyFullyMixed = 1,

    /// <summary>Denominated and not yet mixed enough.</summary>
    OnlyReadyToMix = 2,

    /// <summary>Neither a denomination nor a collateral of CoinJoin.</summary>
    OnlyNonDenominated = 3,

    /// <summary>Masternode collaterals, set aside or not.</summary>
    OnlyMasternodeCollateral = 4,

    /// <summary>Collaterals of CoinJoin.</summary>
    OnlyCoinJoinCollateral = 5,
}

/// <summary>How sure a fee estimate is to be.</summary>
internal enum FeeMode
{
    /// <summary>Not said: conservative.</summary>
    Unset,

    /// <summary>Cheaper, quicker to follow a falling market.</summary>
    Economical,

    /// <summary>Surer.</summary>
    Conservative,
}

/// <summary>What the user says about how a payment is to be made.</summary>
internal sealed record CoinControl
{
    /// <summary>Nothing said.</summary>
    public static CoinControl Default { get; } = new();

    /// <summary>Which kinds of coins.</summary>
    public CoinType CoinType { get; init; } = CoinType.All;

    /// <summary>Coins that must be spent.</summary>
    public ImmutableArray<OutPoint> Selected { get; init; } = [];

    /// <summary>Outputs of strangers among <see cref="Selected"/>.</summary>
    public ImmutableDictionary<OutPoint, TxOut> External { get; init; } = ImmutableDictionary<OutPoint, TxOut>.Empty;

    /// <summary>What the user says about scripts of <see cref="External"/>.</summary>
    public ISigningSource SolvingData { get; init; } = EmptySigningSource.Instance;

    /// <summary>Signed sizes of inputs given by the user, bytes.</summary>
    public ImmutableDictionary<OutPoint, int> InputSizes { get; init; } = ImmutableDictionary<OutPoint, int>.Empty;

    /// <summary>Further coins may be added to <see cref="Selected"/>.</summary>
    public bool AllowOtherInputs { get; init; }

    /// <summary>Spend all of <see cref="Selected"/> even where fewer would do.</summary>
    public bool RequireAllInputs { get; init; } = true;

    /// <summary>Unconfirmed money of strangers may be used.</summary>
    public bool IncludeUnsafe { get; init; }

    /// <summary>Least depth of a coin.</summary>
    public int MinDepth { get; init; }

    /// <summary>Greatest depth of a coin.</summary>
    public int MaxDepth { get; init; } = 9_999_999;

    /// <summary>Leave money on addresses spent from before alone, where the wallet avoids reuse.</summary>
    public bool AvoidReuse { get; init; } = true;

    /// <summary>Spend all coins of an address together; null takes the wallet's setting.</summary>
    public bool? AvoidPartialSpends { get; init; }

    /// <summary>Where change goes; null is a new address.</summary>
    public Script? ChangeScript { get; init; }

    /// <summary>Place of the change output; -1 lets BIP69 order everything.</summary>
    public int ChangePosition { get; init; } = -1;

    /// <summary>A fee rate given by the user.</summary>
    public FeeRate? FeeRate { get; init; }

    /// <summary>Use <see cref="FeeRate"/> even below what is required.</summary>
    public bool OverrideFeeRate { get; init; }

    /// <summary>Wanted blocks until confirmation.</summary>
    public int? ConfirmTarget { get; init; }

    /// <summary>How sure the estimate is to be.</summary>
    public FeeMode FeeMode { get; init; }

    /// <summary>Coins that can be watched only may be picked.</summary>
    public bool IncludeWatching { get; init; }

    /// <summary>Bytes of a special transaction's payload.</summary>
    public int ExtraPayloadSize { get; init; }
}
