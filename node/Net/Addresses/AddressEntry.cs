namespace Dash.Node.Net.Addresses;

/// <summary>An address in the tables of <see cref="AddressTable"/>, which alone changes it. Times are seconds since 1970.</summary>
internal sealed class AddressEntry(int id, NetEndpoint endpoint, NetAddress source)
{
    private const long Horizon = 30 * 24 * 60 * 60;
    private const long LongFailure = 7 * 24 * 60 * 60;
    private const int MostRetries = 3; // of an address that never answered
    private const int MostFailures = 10; // in a row, of one that did

    /// <summary>Its number, for as long as it is in memory.</summary>
    public int Id { get; } = id;

    /// <summary>The address.</summary>
    public NetEndpoint Endpoint { get; } = endpoint;

    /// <summary>Who told it first.</summary>
    public NetAddress Source { get; } = source;

    /// <summary>What it is said to offer.</summary>
    public ulong Services { get; set; }

    /// <summary>When somebody saw it last.</summary>
    public long Time { get; set; }

    /// <summary>When this node was connected last; 0 is never.</summary>
    public long LastSuccess { get; set; }

    /// <summary>When this node tried last; 0 is not since the start.</summary>
    public long LastTry { get; set; }

    /// <summary>When a try counted as a failure last.</summary>
    public long LastCountedAttempt { get; set; }

    /// <summary>Failures since the last success.</summary>
    public int Attempts { get; set; }

    /// <summary>In how many buckets of new addresses it is.</summary>
    public int References { get; set; }

    /// <summary>Whether it is among the tried addresses.</summary>
    public bool IsTried { get; set; }

    /// <summary>Its place in the list from which random addresses are drawn.</summary>
    public int RandomPosition { get; set; }

    /// <summary>As other peers are told of it.</summary>
    public PeerAddress Peer => new(Endpoint, Services, (uint)Math.Clamp(Time, 0, uint.MaxValue));

    /// <summary>Whether its place may be given to another: not seen for a month, from the future, or always failing.</summary>
    public bool IsTerrible(long now)
    {
        if (now - LastTry <= 60)
        {
            return false; // being tried right now
        }

        return Time > now + (10 * 60)
            || now - Time > Horizon
            || (LastSuccess == 0 && Attempts >= MostRetries)
            || (now - LastSuccess > LongFailure && Attempts >= MostFailures);
    }

    /// <summary>How likely it is taken when drawn: less right after a try, two thirds for each failure, at least a 28th.</summary>
    public double Chance(long now) => (now - LastTry < 10 * 60 ? 0.01 : 1.0) * Math.Pow(0.66, Math.Min(Attempts, 8));
}
