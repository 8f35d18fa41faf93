using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;

namespace Dash.Node.Net.Relay;

/// <summary>Has things that peers announce and ask for, beside blocks and transactions. Message loop only.</summary>
internal interface IObjectSource
{
    /// <summary>Sends a thing to a peer that asked for it.</summary>
    /// <returns>False if it is not there.</returns>
    public bool TrySend(Peer peer, InventoryItem item);

    /// <summary>Whether a thing need not be asked for; null if things of this kind are not this source's.</summary>
    public bool? IsThere(InventoryItem item);
}
