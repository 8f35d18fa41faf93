namespace Dash.Node.Services.Zmq;

/// <summary>One thing that is published at one address.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">Where, in libzmq's words.</param>
/// <param name="HighWaterMark">Messages a subscriber may be behind before he misses some.</param>
internal sealed record ZmqTopic(ZmqTopicKind Kind, string Address, int HighWaterMark)
{
    /// <summary>Its name in options and in <c>getzmqnotifications</c>: <c>pubhashblock</c>.</summary>
    public string Type => "pub" + Name;

    /// <summary>Its name in messages: <c>hashblock</c>.</summary>
    public string Name => NameOf(Kind);

    /// <summary>The name of a kind in messages.</summary>
    public static string NameOf(ZmqTopicKind kind) => kind switch
    {
        ZmqTopicKind.HashBlock => "hashblock",
        ZmqTopicKind.HashTransaction => "hashtx",
        ZmqTopicKind.RawBlock => "rawblock",
        ZmqTopicKind.RawTransaction => "rawtx",
        _ => "sequence",
    };
}
