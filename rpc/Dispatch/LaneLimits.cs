using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>How much of what only waits there may be at a time: it costs memory and a connection, no thread.</summary>
/// <param name="Waits">Calls that wait for something to happen.</param>
/// <param name="Rescans">Calls that wait for a rescan or an import.</param>
/// <param name="Loads">Calls that wait for a wallet to be loaded.</param>
/// <param name="Streams">Streams of events.</param>
public sealed record LaneLimits(int Waits = 64, int Rescans = 64, int Loads = 64, int Streams = 64);
