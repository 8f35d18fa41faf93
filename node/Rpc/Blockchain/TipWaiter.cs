using System.Text.Json;
using Dash.Node.Chain;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

/// <summary>What the methods share that answer once the chain has come so far.</summary>
internal static class TipWaiter
{
    /// <summary>How long is waited.</summary>
    public static RpcArg<int> Timeout() => Arg.Int("timeout", 0, "How long to wait, in milliseconds; 0 for as long as it takes, below 0 not at all.");

    /// <summary>What is answered.</summary>
    public static IReadOnlyList<RpcResult> Results { get; } =
    [
        Result.Obj(Result.Hex("hash", "Hash of the last block."), Result.Num("height", "Its height.")),
    ];

    /// <summary>Waits until the chain is as wanted, time is up or the caller is gone, and writes what the tip is then.</summary>
    public static async ValueTask WaitAsync(
        NodeCall call, Utf8JsonWriter result, int timeout, Func<ChainView, bool> isReached, CancellationToken ct)
    {
        var view = await WaitAsync(call.Node.Events, isReached, timeout, call.Node.Clock, ct);
        result.WriteStartObject();
        result.WriteHash("hash", view.Tip.Hash);
        result.WriteNumber("height", view.Height);
        result.WriteEndObject();
    }

    /// <summary>Waits until the chain is as wanted, time is up (ms; 0 for never, below 0 for at once) or it is cancelled.</summary>
    /// <returns>The chain then.</returns>
    public static async Task<ChainView> WaitAsync(
        ChainEvents events, Func<ChainView, bool> isReached, int timeout, TimeProvider time, CancellationToken ct)
    {
        using var patience = timeout > 0
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), time)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);

        // Subscribed first: what happens from here on is not missed.
        var reader = events.Subscribe();
        try
        {
            while (timeout >= 0 && !isReached(events.Position.View) && await reader.ReadAsync(either.Token) is not null)
            {
                // Each event may be the one.
            }
        }
        catch (OperationCanceledException)
        {
            // The present state is the answer.
        }

        return events.Position.View;
    }
}
