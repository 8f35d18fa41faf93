using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>What the requests of a body, one or a batch, want together, told before any of them is begun.</summary>
internal static class BodyWishes
{
    /// <summary>What they want to have been seen, and the first of the deadlines of those; null if they want nothing.</summary>
    public static (StateMinimum Minimum, DateTimeOffset? Deadline)? MinimumOf(ReadOnlyMemory<byte> body, CallOptions options)
    {
        using var document = JsonText.TryParse(body);
        (StateMinimum Minimum, DateTimeOffset? Deadline)? wanted = null;
        foreach (var request in ReadableOf(document, options))
        {
            if (request is { Minimum: { } minimum, Deadline: var deadline })
            {
                wanted = (minimum.And(wanted?.Minimum), wanted is null ? deadline : Earlier(wanted.Value.Deadline, deadline));
            }
        }

        return wanted;

        static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
            one is { } a && other is { } b ? (a < b ? a : b) : one ?? other;
    }

    /// <summary>When the last of their deadlines is over; null if one of them has none, or none can be read.</summary>
    public static DateTimeOffset? LastDeadlineOf(ReadOnlyMemory<byte> body, CallOptions options)
    {
        using var document = JsonText.TryParse(body);
        DateTimeOffset? last = null;
        foreach (var request in ReadableOf(document, options))
        {
            if (request.Deadline is not { } deadline)
            {
                return null;
            }

            last = last > deadline ? last : deadline;
        }

        return last;
    }

    // Without those that are wrong: their own answers say so.
    private static IEnumerable<CallOptions> ReadableOf(JsonDocument? document, CallOptions options)
    {
        var requests = document?.RootElement switch
        {
            { ValueKind: JsonValueKind.Object } one => [one],
            { ValueKind: JsonValueKind.Array } batch => batch.EnumerateArray().ToList(),
            _ => [],
        };
        foreach (var element in requests)
        {
            var request = RpcRequest.Of(element, uri: "", user: "", options);
            try
            {
                request.Check();
            }
            catch (RpcError)
            {
                continue;
            }

            yield return request.Options;
        }
    }
}
