using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// What a caller says about a call beside method and parameters: in members of the request, or for clients that cannot be
/// changed in HTTP headers. A member outranks a header; of keys for one payment there may be only one.
/// </summary>
public sealed record CallOptions
{
    private const int LongestName = 255;

    /// <summary>Nothing said.</summary>
    public static CallOptions None { get; } = new();

    /// <summary>The caller's name for this payment: the same name again gets the same answer and no second payment.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>After this moment the answer is of no use: what has not begun is not begun.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>That moment came while the request waited for its turn: it is not begun, whatever the clock says.</summary>
    public bool IsLate { get; init; }

    /// <summary>Whether a payment is made without a node and sent when one is back; null leaves it to the daemon.</summary>
    public bool? Spool { get; init; }

    /// <summary>The reply says which state it reflects.</summary>
    public bool WantsState { get; init; }

    /// <summary>All such requests of a batch are answered from one state.</summary>
    public bool SharesState { get; init; }

    /// <summary>What must have been seen before the request is begun; null for nothing.</summary>
    public StateMinimum? Minimum { get; init; }

    /// <summary>The caller's name for its own unlocking of a wallet, which those of others neither end nor shorten.</summary>
    public string? Lease { get; init; }

    /// <summary>These with what a request itself says.</summary>
    /// <exception cref="RpcError">Code -8: a member has no meaning.</exception>
    internal CallOptions With(in CallMembers members)
    {
        if (members.IsEmpty)
        {
            return this;
        }

        var options = this;
        if (members.Key.ValueKind != JsonValueKind.Undefined)
        {
            // Null is none that was forgotten: without one a repeated payment would be made twice.
            // Which of two names a caller will ask again by, nobody knows: it would pay twice by the other one.
            var key = ReadKey(members.Key.ValueKind == JsonValueKind.String ? members.Key.GetString() : null);
            options = IdempotencyKey is null || IdempotencyKey == key ? options with { IdempotencyKey = key } : throw TwoKeys();
        }

        if (!members.Deadline.IsAbsent())
        {
            options = options with
            {
                Deadline = members.Deadline.ValueKind == JsonValueKind.Number && members.Deadline.TryGetDouble(out var seconds)
                    ? ReadDeadline(seconds)
                    : throw NoDeadline(),
            };
        }

        if (!members.Lease.IsAbsent())
        {
            options = options with { Lease = ReadLease(members.Lease.ValueKind == JsonValueKind.String ? members.Lease.GetString() : null) };
        }

        return options with
        {
            Spool = ReadFlag(members.Spool, "spool") ?? options.Spool,
            WantsState = ReadFlag(members.State, "state") ?? options.WantsState,
            SharesState = ReadFlag(members.Snapshot, "snapshot") ?? options.SharesState,
            Minimum = members.MinHeight.IsAbsent() && members.MinSequence.IsAbsent()
                ? options.Minimum
                : new(
                    members.MinHeight.IsAbsent() ? options.Minimum?.Height : ReadHeight(Number(members.MinHeight)),
                    members.MinSequence.IsAbsent() ? options.Minimum?.Sequence : ReadSequence(Number(members.MinSequence))),
        };

        static long Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : -1;
    }

    /// <summary>Checks a key.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static string ReadKey(string? text) => ReadName(text, "An idempotency key");

    /// <summary>Checks the name of a lease.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static string ReadLease(string? text) => ReadName(text, "The name of a lease");

    /// <summary>A height to wait for.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static int ReadHeight(long height) => height is >= 0 and <= int.MaxValue
        ? (int)height
        : throw new RpcError(RpcErrorCode.InvalidParameter, "min_height must be the height of a block");

    /// <summary>A number of an event to wait for.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static long ReadSequence(long sequence) => sequence >= 0
        ? sequence
        : throw new RpcError(RpcErrorCode.InvalidParameter, "min_seq must be the number of an event");

    /// <summary>A moment in seconds since 1970.</summary>
    /// <exception cref="RpcError">Code -8.</exception>
    public static DateTimeOffset ReadDeadline(double seconds) => seconds is > 0 and < 253_402_300_799
        ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
        : throw NoDeadline();

    /// <summary>The refusal of a call whose deadline has passed.</summary>
    public static RpcError Expired() => new(RpcErrorCode.DeadlineExceeded, "The deadline of the request has passed; nothing was done");

    /// <summary>The answer to a call that had an effect already and was still at work at its deadline.</summary>
    public static RpcError TooLate() => new(
        RpcErrorCode.AnswerTooLate, "The deadline of the request has passed; what it did stays, and what it began goes on");

    /// <summary>The answer where another process had the call and did not say in time what became of it.</summary>
    public static RpcError NoWord() => new(
        RpcErrorCode.AnswerTooLate, "The deadline of the request has passed, and the wallet has not said what became of it; it may have been done");

    /// <summary>Is the deadline over?</summary>
    public bool IsExpired(TimeProvider time) => IsLate || (Deadline is { } deadline && time.GetUtcNow() >= deadline);

    /// <summary>Adds what is said here and not in the request to its text, so that another process hears it too.</summary>
    public byte[] AddTo(JsonElement request)
    {
        if (this == None || request.ValueKind != JsonValueKind.Object)
        {
            return JsonMarshal.GetRawUtf8Value(request).ToArray();
        }

        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                if (!CallMembers.IsOption(member.Name))
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

            WriteState(writer);
            if (Lease is { } lease)
            {
                writer.WriteString("lease", lease);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void WriteState(Utf8JsonWriter writer)
    {
        if (WantsState)
        {
            writer.WriteBoolean("state", true);
        }

        if (SharesState)
        {
            writer.WriteBoolean("snapshot", true);
        }

        if (Minimum?.Height is { } height)
        {
            writer.WriteNumber("min_height", height);
        }

        if (Minimum?.Sequence is { } sequence)
        {
            writer.WriteNumber("min_seq", sequence);
        }
    }

    private static string ReadName(string? text, string what) =>
        text is { Length: > 0 and <= LongestName } && text.All(static c => c is > ' ' and <= '~')
            ? text
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"{what} is 1 to 255 printable ASCII characters without blanks");

    private static bool? ReadFlag(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => throw new RpcError(RpcErrorCode.InvalidParameter, $"{name} must be true or false"),
    };

    private static RpcError TwoKeys() =>
        new(RpcErrorCode.InvalidParameter, "idempotency_key and the header Idempotency-Key name different keys; give one of them");

    private static RpcError NoDeadline() => new(RpcErrorCode.InvalidParameter, "deadline must be a time in seconds since 1970");
}
