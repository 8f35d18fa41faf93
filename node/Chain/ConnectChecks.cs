namespace Dash.Node.Chain;

/// <summary>What of a block is checked when it is connected, beside what always is.</summary>
internal readonly record struct ConnectChecks
{
    /// <summary>All checks of a mined block.</summary>
    public ConnectChecks()
    {
    }

    /// <summary>Not mined yet: proof of work and merkle root are not there to check.</summary>
    public bool IsProposal { get; init; }

    /// <summary>Whether scripts are run: not below a block that is assumed valid.</summary>
    public bool Scripts { get; init; } = true;
}
