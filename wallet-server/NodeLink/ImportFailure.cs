using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dash.WalletServer.NodeLink;

/// <summary>What those are told whose descriptors were taken in, and not looked for in all blocks.</summary>
internal static class ImportFailure
{
    // Core: RPC_MISC_ERROR.
    private const int Misc = -1;

    /// <summary>The reason for a descriptor; null where all blocks that can concern it were looked at.</summary>
    /// <param name="timestamp">When it was made, as its caller gave it, seconds since 1970.</param>
    /// <param name="failedTime">See <see cref="RescanOutcome.FailedTime"/>.</param>
    // Core: importdescriptors, "Compose the response".
    public static string? ReasonFor(long timestamp, long failedTime) => failedTime + Follower.ClockMargin + 1 > timestamp
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Rescan failed for descriptor with timestamp {timestamp}. There was an error reading a block from time {failedTime}, which is after or within {Follower.ClockMargin} seconds of key creation, and could contain transactions pertaining to the desc. As a result, transactions and coins using this desc may not appear in the wallet. This error could be caused by pruning or data corruption (see dashd log for details) and could be dealt with by downloading and rescanning the relevant blocks (see -reindex and -rescan options).")
        : null;

    /// <summary>The answer of an import that failed.</summary>
    /// <param name="answer">What it was to be: an array of what became of each request.</param>
    /// <param name="timestamps">Theirs, in the same order.</param>
    /// <param name="failedTime">See <see cref="RescanOutcome.FailedTime"/>.</param>
    public static string AnswerOf(string answer, IReadOnlyList<long> timestamps, long failedTime)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter writer = new(text))
        using (var stored = JsonDocument.Parse(answer))
        {
            var place = 0;
            writer.WriteStartArray();
            foreach (var request in stored.RootElement.EnumerateArray())
            {
                var timestamp = timestamps[place++];
                if (request.GetProperty("success").GetBoolean() && ReasonFor(timestamp, failedTime) is { } reason)
                {
                    Write(writer, reason);
                }
                else
                {
                    request.WriteTo(writer);
                }
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string reason)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", false);
        writer.WriteStartObject("error");
        writer.WriteNumber("code", Misc);
        writer.WriteString("message", reason);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
