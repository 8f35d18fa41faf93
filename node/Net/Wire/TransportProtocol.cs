namespace Dash.Node.Net.Wire;

/// <summary>How messages are put on the wire.</summary>
internal enum TransportProtocol
{
    /// <summary>Not known yet: a peer that connected may speak either.</summary>
    Detecting,

    /// <summary>In the clear, with a header.</summary>
    V1,

    /// <summary>Encrypted, BIP324.</summary>
    V2,
}
