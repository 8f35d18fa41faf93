namespace Dash.Rpc.Methods;

/// <summary>Which queue a method waits in, so that long calls never keep short ones from being answered.</summary>
public enum RpcLane
{
    /// <summary>Most methods.</summary>
    Normal,

    /// <summary>Quick calls one needs when the rest is stuck: <c>stop</c>, <c>help</c>, <c>getrpcinfo</c>.</summary>
    Control,

    /// <summary>Calls whose work grows with the whole wallet: few at a time, so that the machine is left to the others.</summary>
    Heavy,

    /// <summary>Calls that wait for something to happen: <c>waitfornewblock</c>.</summary>
    Waiting,

    /// <summary>Calls that wait for a rescan or an import.</summary>
    Rescan,

    /// <summary>Calls that wait for a wallet to be loaded.</summary>
    Load,

    /// <summary>Streams of events: no calls, and as long as the client likes.</summary>
    Stream,
}
