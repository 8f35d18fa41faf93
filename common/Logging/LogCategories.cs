using Microsoft.Extensions.Logging;

namespace Dash.Common.Logging;

/// <summary>Names of <see cref="LogCategory"/>, as <c>-debug=</c>, the <c>logging</c> method and log lines write them.</summary>
public static class LogCategories
{
    // Indexed by LogCategory.
    private static readonly string[] Names =
    [
        "", "net", "tor", "mempool", "http", "bench", "zmq", "walletdb", "rpc", "estimatefee", "addrman", "selectcoins",
        "reindex", "cmpctblock", "rand", "prune", "proxy", "mempoolrej", "libevent", "coindb", "qt", "leveldb",
        "validation", "i2p", "ipc", "blockstorage", "txreconciliation", "scan", "chainlocks", "gobject", "instantsend",
        "llmq", "llmq-dkg", "llmq-sigs", "mnpayments", "mnsync", "coinjoin", "spork", "netconn", "creditpool", "ehf",
    ];

    /// <summary>The names of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> AllNames { get; } = [.. Names[1..].Order(StringComparer.Ordinal)];

    /// <summary>Every category that can be switched, in the order of their names.</summary>
    public static IReadOnlyList<LogCategory> All { get; } = Sorted();

    /// <summary>The category's name; empty for <see cref="LogCategory.None"/>.</summary>
    public static string Name(this LogCategory category) => Names[(int)category];

    /// <summary>The category of this exact name.</summary>
    public static bool TryParse(string name, out LogCategory category)
    {
        category = (LogCategory)Math.Max(0, Array.IndexOf(Names, name));
        return category != LogCategory.None;
    }

    /// <summary>A logger whose lines belong to <paramref name="category"/>.</summary>
    public static ILogger CreateLogger(this ILoggerFactory factory, LogCategory category)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.CreateLogger(category.Name());
    }

    // By arrays: queries over enumerations would be compiled anew at each start.
    private static LogCategory[] Sorted()
    {
        var sorted = new LogCategory[AllNames.Count];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = (LogCategory)Array.IndexOf(Names, AllNames[i]);
        }

        return sorted;
    }
}
