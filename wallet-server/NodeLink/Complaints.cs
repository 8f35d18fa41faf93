namespace Dash.WalletServer.NodeLink;

/// <summary>Which complaint is worth a log line: the first of a kind, then ever more rarely. For one thread.</summary>
internal sealed class Complaints(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<(string About, string Kind), (long Since, TimeSpan Pause)> _made = [];

    /// <summary>Shall this be said now? Saying so counts as said.</summary>
    public bool IsDue(string about, string kind)
    {
        if (!_made.TryGetValue((about, kind), out var last))
        {
            _made.Add((about, kind), (time.GetTimestamp(), FirstPause));
            return true;
        }

        if (time.GetElapsedTime(last.Since) < last.Pause)
        {
            return false;
        }

        var pause = last.Pause * 4 < LongestPause ? last.Pause * 4 : LongestPause;
        _made[(about, kind)] = (time.GetTimestamp(), pause);
        return true;
    }

    /// <summary>All is well: the next complaint is a first one.</summary>
    public void Clear() => _made.Clear();
}
