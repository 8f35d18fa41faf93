using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Gossip;

/// <summary>What is kept of the exchange of addresses with a peer. Message loop only; times are Unix milliseconds.</summary>
internal sealed class AddressState
{
    // A peer hears an address again only after so many others.
    private const int LeastKnown = 5000;

    /// <summary>Addresses it told or was told, by hash.</summary>
    public RecentSet<ulong> Known { get; } = new(LeastKnown);

    /// <summary>Addresses to tell it next.</summary>
    public List<PeerAddress> ToSend { get; } = [];

    /// <summary>When it may be told addresses again.</summary>
    public long NextSend { get; set; }

    /// <summary>When it is told our own address; 0 before the first time.</summary>
    public long NextLocal { get; set; }

    /// <summary>Whether it was asked for addresses and did not answer all.</summary>
    public bool HasAsked { get; set; }

    /// <summary>Whether it asked for addresses.</summary>
    public bool WasAsked { get; set; }

    /// <summary>How many addresses of it are still taken.</summary>
    public double Tokens { get; set; } = 1;

    /// <summary>When the tokens were counted.</summary>
    public long TokensAt { get; set; }
}
