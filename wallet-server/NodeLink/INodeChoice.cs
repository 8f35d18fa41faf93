namespace Dash.WalletServer.NodeLink;

/// <summary>What wallets think of the nodes they could follow.</summary>
internal interface INodeChoice
{
    /// <summary>Returns when there are wallets (none) that the node which is followed does not serve.</summary>
    public Task UnservedAsync(bool some, CancellationToken ct);

    /// <summary>Has this node the last block of every wallet?</summary>
    public Task<bool> IsServedByAsync(NodeSession other, CancellationToken ct);
}
