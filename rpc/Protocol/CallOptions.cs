using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// What a caller says about a call beside method and parameters: in members of the request, or for clients that cannot be
/// changed in HTTP headers. A member outranks a header.
/// </summary>
public sealed record CallOptions
{
    private const int MaxKey = 255;

    /// <summary>Nothing said.</summary>
    public static CallOptions None { get; } = new();

    /// <summary>The caller's name for this payment: the same name again gets the same answer and no second payment.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>After this moment the answer is of no use: what has not begun is not begun.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether a payment is made without a node and sent when one is back; null leaves it to the daemon.</summary>
    public bool? Spool { get; init; }

    /// <summary>These with what a request itself says: its members <c>idempotency_key</c>, <c>deadline</c> and <c>spool</c>.</summary>
    /// <exception cref="RpcError">Code -8: a member has no meaning.</exception>
    public CallOptions With(JsonElement key, JsonElement deadline, JsonElement spool)
    {
        var options = this;
        if (key.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            options = options with { IdempotencyKey = ReadKey(key.ValueKind == JsonValueKind.String ? key.GetString() : null) };
        }

        if (deadline.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            options = options with
            {
                Deadline = deadline.ValueKind == JsonValueKind.Number && deadline.TryGetDouble(out var seconds)
                    ? ReadDeadline(seconds)
                    : throw NoDeadline(),
            };
        }

        return spool switch
        {
            { ValueKind: JsonValueKind.True } => options with { Spool = true },
            { ValueKind: JsonValueKind.False } => options with { Spool = false },
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => options,
            _ => throw new RpcError(RpcErrorCode.InvalidParameter, "spool must be true or false"),
        };
    }

    /// <summary>Checks a key.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static string ReadKey(string? text) =>
        text is { Length: > 0 and <= MaxKey } && text.All(static c => c is > ' ' and <= '~')
            ? text
            : throw new RpcError(RpcErrorCode.InvalidParameter, "An idempotency key is 1 to 255 printable ASCII characters without blanks");

    /// <summary>A moment in seconds since 1970.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static DateTimeOffset ReadDeadline(double seconds) => seconds is > 0 and < 253_402_300_799
        ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
        : throw NoDeadline();

    /// <summary>The refusal of a call whose deadline has passed.</summary>
    public static RpcError Expired() => new(RpcErrorCode.DeadlineExceeded, "The deadline of the request has passed; nothing was done");

    /// <summary>Is the deadline over?</summary>
    public bool IsExpired(TimeProvider time) => Deadline is { } deadline && time.GetUtcNow() >= deadline;

    /// <summary>Adds what is said here and not in the request to its text, so that another process hears it too.</summary>
    public string AddTo(JsonElement request)
    {
        var text = request.GetRawText();
        if (this == None || request.ValueKind != JsonValueKind.Object)
        {
            return text;
        }

        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                if (member.Name is not ("idempotency_key" or "deadline" or "spool"))
                {
                    member.WriteTo(writer);
                }
            }

            if (IdempotencyKey is { } key)
            {
                writer.WriteString("idempotency_key", key);
            }

            if (Deadline is { } deadline)
            {
                writer.WriteNumber("deadline", (deadline - DateTimeOffset.UnixEpoch).TotalSeconds);
            }

            if (Spool is { } spool)
            {
                writer.WriteBoolean("spool", spool);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static RpcError NoDeadline() => new(RpcErrorCode.InvalidParameter, "deadline must be a time in seconds since 1970");
}
