namespace Dash.Primitives.Networks;

/// <summary>From which height on each rule holds: it is active for block h when h is at least the value.</summary>
public sealed record ActivationHeights
{
    /// <summary>The coinbase starts with the height.</summary>
    public required int Bip34 { get; init; }

    /// <summary>OP_CHECKLOCKTIMEVERIFY.</summary>
    public required int Bip65 { get; init; }

    /// <summary>Strict DER signatures.</summary>
    public required int Bip66 { get; init; }

    /// <summary>The extra element of a multisig check is empty.</summary>
    public required int Bip147 { get; init; }

    /// <summary>Relative lock times (BIP68, BIP112, BIP113).</summary>
    public required int Csv { get; init; }

    /// <summary>Blocks of 2 MB.</summary>
    public required int Dip0001 { get; init; }

    /// <summary>Special transactions and deterministic masternodes.</summary>
    public required int Dip0003 { get; init; }

    /// <summary>Payments follow the deterministic list.</summary>
    public required int Dip0003Enforcement { get; init; }

    /// <summary>ChainLocks.</summary>
    public required int Dip0008 { get; init; }

    /// <summary>Block reward reallocation.</summary>
    public required int Brr { get; init; }

    /// <summary>The opcodes of DIP20.</summary>
    public required int Dip0020 { get; init; }

    /// <summary>Quorum rotation.</summary>
    public required int Dip0024 { get; init; }

    /// <summary>Rotated quorums take over InstantSend.</summary>
    public required int Dip0024Quorums { get; init; }

    /// <summary>Basic BLS scheme and evo nodes.</summary>
    public required int V19 { get; init; }

    /// <summary>Credit pool, ChainLocks in the coinbase, subsidy of 5 DASH.</summary>
    public required int V20 { get; init; }

    /// <summary>Part of the masternode reward goes to the credit pool.</summary>
    public required int MnRr { get; init; }

    /// <summary>Withdrawal limits of the credit pool.</summary>
    public required int Withdrawals { get; init; }
}
