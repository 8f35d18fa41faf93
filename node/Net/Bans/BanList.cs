using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Bans;

/// <summary>
/// Who is kept out: ranges of addresses the user banned, which are kept over restarts, and hosts that misbehaved, which
/// are only remembered for a while and may connect as long as there is room. Any thread.
/// </summary>
internal sealed class BanList
{
    private readonly Lock _gate = new(); // protects the fields below and the order of writes
    private readonly BanFile _file;
    private readonly Clock _clock;
    private readonly ILogger _netLog;
    private readonly long _defaultSeconds;
    private readonly RecentSet<NetAddress> _discouraged = new(capacity: 50_000);
    private SortedDictionary<NetSubnet, BanEntry> _bans = [];

    /// <summary>Reads the file, and writes a new one if there is none.</summary>
    public BanList(BanFile file, long defaultSeconds, Clock clock, ILogger log, ILogger netLog)
    {
        _file = file;
        _clock = clock;
        _netLog = netLog;
        _defaultSeconds = defaultSeconds;
        var start = clock.GetTimestamp();
        if (file.Read() is { } bans)
        {
            _bans = bans;
            var hasExpired = RemoveExpired();
            var ms = (long)clock.GetElapsedTime(start).TotalMilliseconds;
            Log.BansLoaded(netLog, _bans.Count, ms);
            if (!hasExpired)
            {
                return;
            }
        }
        else
        {
            Log.BansRecreated(log);
        }

        Save();
    }

    /// <summary>The bans that hold now, in the order of their addresses.</summary>
    public IReadOnlyList<KeyValuePair<NetSubnet, BanEntry>> All
    {
        get
        {
            lock (_gate)
            {
                RemoveExpired();
                return [.. _bans];
            }
        }
    }

    /// <summary>Whether a host is in a range that is banned.</summary>
    public bool IsBanned(NetAddress address)
    {
        var now = _clock.UnixSeconds;
        lock (_gate)
        {
            return _bans.Any(ban => now < ban.Value.Until && ban.Key.Contains(address));
        }
    }

    /// <summary>Whether exactly this range is banned.</summary>
    public bool IsBanned(NetSubnet subnet)
    {
        lock (_gate)
        {
            return _bans.TryGetValue(subnet, out var ban) && _clock.UnixSeconds < ban.Until;
        }
    }

    /// <summary>Bans a range; a longer ban of the same stays.</summary>
    /// <param name="subnet">The range.</param>
    /// <param name="seconds">For how long, or until when; 0 for the default.</param>
    /// <param name="isAbsolute">Whether it is a time rather than a duration.</param>
    public void Ban(NetSubnet subnet, long seconds, bool isAbsolute)
    {
        var now = _clock.UnixSeconds;
        var until = seconds <= 0 ? now + _defaultSeconds
            : isAbsolute ? seconds
            : seconds > long.MaxValue - now ? long.MaxValue
            : now + seconds;
        lock (_gate)
        {
            if (!_bans.TryGetValue(subnet, out var ban) || ban.Until < until)
            {
                _bans[subnet] = new BanEntry(now, until);
                Save();
            }
        }
    }

    /// <summary>Lifts a ban.</summary>
    /// <returns>Whether there was one of exactly this range.</returns>
    public bool Unban(NetSubnet subnet)
    {
        lock (_gate)
        {
            if (!_bans.Remove(subnet))
            {
                return false;
            }

            Save();
            return true;
        }
    }

    /// <summary>Lifts all bans.</summary>
    public void ClearBans()
    {
        lock (_gate)
        {
            _bans = [];
            Save();
        }
    }

    /// <summary>Whether a host misbehaved.</summary>
    public bool IsDiscouraged(NetAddress address)
    {
        lock (_gate)
        {
            return _discouraged.Contains(address);
        }
    }

    /// <summary>Remembers that a host misbehaved.</summary>
    public void Discourage(NetAddress address)
    {
        lock (_gate)
        {
            _discouraged.Add(address);
        }
    }

    /// <summary>Forgets who misbehaved.</summary>
    public void ClearDiscouraged()
    {
        lock (_gate)
        {
            _discouraged.Clear();
        }
    }

    /// <summary>Stores the list if bans have ended.</summary>
    public void SaveIfExpired()
    {
        lock (_gate)
        {
            if (RemoveExpired())
            {
                Save();
            }
        }
    }

    private bool RemoveExpired()
    {
        var now = _clock.UnixSeconds;
        var expired = _bans.Where(ban => now > ban.Value.Until).Select(ban => ban.Key).ToList();
        foreach (var subnet in expired)
        {
            _bans.Remove(subnet);
            Log.BanExpired(_netLog, subnet);
        }

        return expired.Count > 0;
    }

    private void Save()
    {
        RemoveExpired();
        var start = _clock.GetTimestamp();
        try
        {
            _file.Write(_bans);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.BansNotStored(_netLog, e.Message); // the next change tries again
            return;
        }

        var ms = (long)_clock.GetElapsedTime(start).TotalMilliseconds;
        Log.BansStored(_netLog, _bans.Count, ms);
    }
}
