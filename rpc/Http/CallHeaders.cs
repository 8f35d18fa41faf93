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

        return headers.TryGetValue(Spool, out var spool)
            ? options with { Spool = ReadSpool(spool.ToString()) }
            : options;
    }

    private static bool ReadSpool(string text) => text switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new RpcError(RpcErrorCode.InvalidParameter, $"The header {Spool} must be 1 or 0"),
    };

    private static double Seconds(string text, string header) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"The header {header} must be a number of seconds");
}
