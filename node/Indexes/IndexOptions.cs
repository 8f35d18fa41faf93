using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Chain;
using Dash.Node.Net;
using Dash.Primitives.Evo;

namespace Dash.Node.Indexes;

/// <summary>Options of what is derived from blocks beside the coins; names are Dash Core's.</summary>
internal static class IndexOptions
{
    public static readonly Option<bool> TxIndex = Option.Bool("txindex", true,
        "Keep where each transaction lies, so that getrawtransaction finds all of them (default: {0}; 0 with -prune)", OptionGroup.Indexing);

    public static readonly Option<IReadOnlyList<string>> BlockFilters = Option.List("blockfilterindex=<type>",
        "Keep compact filters of blocks (default: 0, values: basic). Without a value all types are kept", OptionGroup.Indexing);

    public static readonly Option<bool> CoinStats = Option.Bool("coinstatsindex", false,
        "Keep the sums that gettxoutsetinfo tells, for each block (default: {0})", OptionGroup.General);

    public static readonly Option<bool> Address = Option.Bool("addressindex", false,
        "Keep what each address got, spent and has (default: {0})", OptionGroup.Indexing);

    public static readonly Option<bool> Spent = Option.Bool("spentindex", false,
        "Keep which input spent an output (default: {0})", OptionGroup.Indexing);

    public static readonly Option<bool> Timestamp = Option.Bool("timestampindex", false,
        "Keep blocks by their time (default: {0})", OptionGroup.Indexing);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [TxIndex, BlockFilters, CoinStats, Address, Spent, Timestamp];

    /// <summary>What shall be kept.</summary>
    /// <exception cref="StartupException">That does not go together with other options.</exception>
    public static IndexSettings Read(Options options)
    {
        var isPruning = options[ChainOptions.Prune] > 0;
        var settings = new IndexSettings
        {
            Transactions = options.IsSet(TxIndex) || !isPruning ? options[TxIndex] : false,
            BlockFilters = ReadFilters(options),
            CoinStats = options[CoinStats],
            Addresses = new AddressIndexSettings(options[Address], options[Spent], options[Timestamp]),
        };
        if (options[NetOptions.PeerBlockFilters] && !settings.BlockFilters)
        {
            throw new StartupException("Cannot set -peerblockfilters without -blockfilterindex.");
        }

        if (options[ChainOptions.Prune] != 0 && settings.Transactions)
        {
            throw new StartupException("Prune mode is incompatible with -txindex.");
        }

        if (options[ChainOptions.ReindexChainstate])
        {
            Refuse(settings.CoinStats, "coinstatsindex");
            Refuse(settings.BlockFilters, "blockfilterindex");
            Refuse(settings.Transactions, "txindex");
        }

        return settings;

        static void Refuse(bool isKept, string name)
        {
            if (isKept)
            {
                throw new StartupException(
                    $"-reindex-chainstate option is not compatible with -{name}. Please temporarily disable {name} while using "
                    + "-reindex-chainstate, or replace -reindex-chainstate with -reindex to fully rebuild all indexes.");
            }
        }
    }

    private static bool ReadFilters(Options options)
    {
        if (!options.IsSet(BlockFilters) || options.IsNegated(BlockFilters))
        {
            return false;
        }

        var names = options[BlockFilters];
        var counts = options.Text(BlockFilters);
        if (counts is "" or "1")
        {
            return true;
        }

        if (counts == "0")
        {
            return false;
        }

        return names.FirstOrDefault(static name => name != BlockFilter.BasicName) is { } unknown
            ? throw new StartupException($"Unknown -blockfilterindex value {unknown}.")
            : true;
    }
}
