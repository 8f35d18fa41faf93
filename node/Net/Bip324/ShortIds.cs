namespace Dash.Node.Net.Bip324;

/// <summary>
/// One byte for the names of messages on encrypted connections: Bitcoin's from 1 on, Dash's from 128 on. A zero is
/// followed by the name in 12 bytes.
/// </summary>
internal static class ShortIds
{
    private const int FirstOfDash = 128;

    // From which version on peers know ids at all.
    private const int FirstVersion = 70235;

    private static readonly string[] Bitcoin =
    [
        "", "addr", "block", "blocktxn", "cmpctblock", "", "filteradd", "filterclear", "filterload", "getblocks", "getblocktxn",
        "getdata", "getheaders", "headers", "inv", "mempool", "merkleblock", "notfound", "ping", "pong", "sendcmpct", "tx",
        "getcfilters", "cfilter", "getcfheaders", "cfheaders", "getcfcheckpt", "cfcheckpt", "addrv2",
    ];

    private static readonly string[] OfDash =
    [
        "spork", "getsporks", "senddsq", "dsa", "dsi", "dsf", "dss", "dsc", "dssu", "dstx", "dsq", "ssc", "govsync", "govobj",
        "govobjvote", "getmnlistd", "mnlistdiff", "qsendrecsigs", "qfcommit", "qcontrib", "qcomplaint", "qjustify", "qpcommit",
        "qwatch", "qsigsesann", "qsigsinv", "qgetsigs", "qbsigs", "qsigrec", "qsigshare", "qgetdata", "qdata", "clsig", "isdlock",
        "mnauth", "getheaders2", "sendheaders2", "headers2", "getqrinfo", "qrinfo", "platformban",
    ];

    // Added after the rest, so that older peers don't know them.
    private static readonly Dictionary<string, int> LaterVersions = new(StringComparer.Ordinal) { ["platformban"] = 70240 };

    private static readonly Dictionary<string, byte> Ids = Number();

    /// <summary>The id of a message for a peer of that version (0 if it did not say yet), or null: then its name is sent.</summary>
    public static byte? Of(string command, int peerVersion) =>
        Ids.TryGetValue(command, out var id) && peerVersion >= LaterVersions.GetValueOrDefault(command, FirstVersion) ? id : null;

    /// <summary>The message of an id; null for one that is not given out.</summary>
    public static string? Find(byte id)
    {
        var name = id < FirstOfDash
            ? Bitcoin.ElementAtOrDefault(id)
            : OfDash.ElementAtOrDefault(id - FirstOfDash);
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static Dictionary<string, byte> Number()
    {
        Dictionary<string, byte> ids = new(StringComparer.Ordinal);
        for (var id = 1; id <= byte.MaxValue; id++)
        {
            if (Find((byte)id) is { } name)
            {
                ids.Add(name, (byte)id);
            }
        }

        return ids;
    }
}
