using System.Globalization;
using Dash.Rpc.Protocol;
using Microsoft.AspNetCore.Http;

namespace Dash.Rpc.Http;

/// <summary>What HTTP headers say about a call.</summary>
internal static class CallHeaders
{
    private const string Key = "Idempotency-Key";

    // Seconds since 1970; or seconds from now, which does not depend on the caller's clock.
    private const string Deadline = "Request-Deadline";
    private const string Timeout = "Request-Timeout";

    private const string Spool = "Request-Spool";
    private const string State = "Request-State";
    private const string Snapshot = "Request-Snapshot";
    private const string MinHeight = "Request-Min-Height";
    private const string MinSequence = "Request-Min-Seq";
    private const string Lease = "Unlock-Lease";

    /// <summary>Reads them.</summary>
    /// <exception cref="RpcError">Code -8: one has no meaning.</exception>
    public static CallOptions Read(IHeaderDictionary headers, TimeProvider time)
    {
        var options = CallOptions.None;
        if (headers.TryGetValue(Key, out var key))
        {
            options = options with { IdempotencyKey = CallOptions.ReadKey(key.Count == 1 ? key[0] : null) };
        }

        if (headers.TryGetValue(Deadline, out var deadline))
        {
            options = options with { Deadline = CallOptions.ReadDeadline(Seconds(deadline.ToString(), Deadline)) };
        }

        if (headers.TryGetValue(Timeout, out var timeout))
        {
            var end = time.GetUtcNow().AddSeconds(Math.Min(Seconds(timeout.ToString(), Timeout), 1_000_000_000));
            options = options with { Deadline = options.Deadline is { } other && other < end ? other : end };
        }

        if (headers.TryGetValue(Spool, out var spool))
        {
            options = options with { Spool = ReadFlag(spool.ToString(), Spool) };
        }

        if (headers.TryGetValue(State, out var state))
        {
            options = options with { WantsState = ReadFlag(state.ToString(), State) };
        }

        if (headers.TryGetValue(Snapshot, out var snapshot))
        {
            options = options with { SharesState = ReadFlag(snapshot.ToString(), Snapshot) };
        }

        if (headers.TryGetValue(MinHeight, out var height))
        {
            options = options with { Minimum = new(CallOptions.ReadHeight(Number(height.ToString())), options.Minimum?.Sequence) };
        }

        if (headers.TryGetValue(MinSequence, out var sequence))
        {
            options = options with { Minimum = new(options.Minimum?.Height, CallOptions.ReadSequence(Number(sequence.ToString()))) };
        }

        return headers.TryGetValue(Lease, out var lease)
            ? options with { Lease = CallOptions.ReadLease(lease.Count == 1 ? lease[0] : null) }
            : options;
    }

    private static bool ReadFlag(string text, string header) => text switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new RpcError(RpcErrorCode.InvalidParameter, $"The header {header} must be 1 or 0"),
    };

    // What is no number is none that can be waited for.
    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static double Seconds(string text, string header) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? seconds
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"The header {header} must be a number of seconds");
}
