namespace Dash.Primitives.Networks;

/// <summary>Where a rule that miners signal stands (BIP9).</summary>
public enum DeploymentState
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
