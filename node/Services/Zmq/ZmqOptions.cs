using Dash.Common.Options;
using Dash.Common.Zmq;

namespace Dash.Node.Services.Zmq;

/// <summary>Options of the ZeroMQ publisher; names are Dash Core's. What it knows nothing of yet has no option.</summary>
internal static class ZmqOptions
{
    private const int DefaultHighWaterMark = 1000;

    private static readonly (ZmqTopicKind Kind, Option<IReadOnlyList<string>> Addresses, Option<int> HighWaterMark)[] Topics =
    [
        Topic(ZmqTopicKind.HashBlock, "hashes of blocks that become the tip"),
        Topic(ZmqTopicKind.HashTransaction, "ids of transactions of the mempool and of blocks"),
        Topic(ZmqTopicKind.RawBlock, "blocks that become the tip"),
        Topic(ZmqTopicKind.RawTransaction, "transactions of the mempool and of blocks"),
        Topic(ZmqTopicKind.Sequence, "what happens to chain and mempool, in its order"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } =
        [.. Topics.SelectMany(static topic => new Option[] { topic.Addresses, topic.HighWaterMark })];

    /// <summary>What shall be published.</summary>
    public static IReadOnlyList<ZmqTopic> Read(Options options) =>
        [.. Topics.SelectMany(topic => options[topic.Addresses].Select(
            address => new ZmqTopic(topic.Kind, ZmqSocket.ForLibrary(address), options[topic.HighWaterMark])))];

    private static (ZmqTopicKind Kind, Option<IReadOnlyList<string>> Addresses, Option<int> HighWaterMark) Topic(
        ZmqTopicKind kind, string what)
    {
        var name = "zmqpub" + ZmqTopic.NameOf(kind);
        return (
            kind,
            Option.List(name + "=<address>", $"Publish {what} at <address>, e.g. tcp://127.0.0.1:28332. Can be given several times", OptionGroup.Zmq),
            Option.Int(name + "hwm=<n>", DefaultHighWaterMark,
                $"Messages with {what} that a subscriber may be behind before he misses some (default: {{0}})", OptionGroup.Zmq));
    }
}
