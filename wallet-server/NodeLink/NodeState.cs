namespace Dash.WalletServer.NodeLink;

/// <summary>How a wallet, or all of them, stand towards the node.</summary>
internal enum NodeState
{
    /// <summary>There is no node; what is known is answered.</summary>
    Disconnected,

    /// <summary>A node answers, but of another network, or its chain contradicts the wallet's too deeply.</summary>
    WrongChain,

    /// <summary>A node is there, and the wallet has not seen all it has.</summary>
    CatchingUp,

    /// <summary>The wallet follows the node.</summary>
    Connected,
}

/// <summary>A state, and what is waited for.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it is not connected; null if it is.</param>
internal sealed record NodeStatus(NodeState State, string? Reason)
{
    /// <summary>The user may say that the node's chain is to be followed as it is; only one that has the blocks can be.</summary>
    public bool CanBeAccepted { get; init; } = true;

    /// <summary>As users see it.</summary>
    public string Name => State switch
    {
        NodeState.Connected => "connected",
        NodeState.CatchingUp => "catching up",
        NodeState.WrongChain => "wrong chain",
        _ => "disconnected",
    };
}
