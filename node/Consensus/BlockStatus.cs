namespace Dash.Node.Consensus;

/// <summary>
/// How far a block was checked (the low three bits, a level), what of it is stored and what stands against it. The
/// values are those of <c>blocks/index</c>.
/// </summary>
[Flags]
internal enum BlockStatus : uint
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>Level 2: the header is fine and its ancestors are known.</summary>
    ValidTree = 2,

    /// <summary>Level 3: what can be checked of the transactions without the coins they spend is fine.</summary>
    ValidTransactions = 3,

    /// <summary>Level 4: amounts and spent coins are fine.</summary>
    ValidChain = 4,

    /// <summary>Level 5: scripts are fine too; it was connected once.</summary>
    ValidScripts = 5,

    /// <summary>The bits of the level.</summary>
    ValidMask = 7,

    /// <summary>The block is in a block file.</summary>
    HasData = 8,

    /// <summary>Its undo data is in an undo file.</summary>
    HasUndo = 16,

    /// <summary>The block breaks a rule, or the user said so.</summary>
    FailedValid = 32,

    /// <summary>It descends from a failed block.</summary>
    FailedChild = 64,

    /// <summary>Either of the two.</summary>
    FailedMask = FailedValid | FailedChild,

    /// <summary>It conflicts with a ChainLock.</summary>
    ConflictChainLock = 128,

    /// <summary>Taken as valid on the word of a snapshot.</summary>
    AssumedValid = 256,
}
