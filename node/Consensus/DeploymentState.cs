namespace Dash.Node.Consensus;

/// <summary>Where a rule that miners signal stands (BIP9).</summary>
internal enum DeploymentState
{
    /// <summary>Not started.</summary>
    Defined,

    /// <summary>Signals count.</summary>
    Started,

    /// <summary>Enough signals in one period; active after the next.</summary>
    LockedIn,

    /// <summary>The rule holds.</summary>
    Active,

    /// <summary>It never will.</summary>
    Failed,
}
