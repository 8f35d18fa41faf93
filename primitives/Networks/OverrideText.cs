using System.Globalization;

namespace Dash.Primitives.Networks;

/// <summary>Reads the values of options that change networks; refusals are <see cref="FormatException"/>s.</summary>
internal static class OverrideText
{
    public static int Int32(string text, string error) =>
        TryInt64(text, out var value) && value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Refuse(error);

    public static long Int64(string text, string error) => TryInt64(text, out var value) ? value : throw Refuse(error);

    // Digits with a sign or none, nothing around them.
    public static bool TryInt64(string text, out long value)
    {
        value = 0;
        return !text.Contains('\0', StringComparison.Ordinal) // which the framework would drop at the end
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Changes one of the network's quorums to a size and a threshold, wherever it serves.</summary>
    /// <param name="network">The network.</param>
    /// <param name="quorum">The quorum as the network has it now.</param>
    /// <param name="label">Its name in messages.</param>
    /// <param name="text"><c>size:threshold</c>.</param>
    public static ChainParams WithSize(ChainParams network, LlmqParams quorum, string label, string text)
    {
        var values = text.Split(':');
        if (values.Length != 2)
        {
            throw Refuse($"{label} parameters malformed, expecting <size>:<threshold>");
        }

        var size = Int32(values[0], $"Invalid {label} size ({values[0]})");
        var threshold = Int32(values[1], $"Invalid {label} threshold ({values[1]})");
        var changed = quorum with
        {
            Size = size,
            MinSize = threshold,
            Threshold = threshold,
            BadVotesThreshold = threshold,
        };
        LlmqParams Now(LlmqParams each) => each == quorum ? changed : each;
        return network with
        {
            Llmqs = [.. network.Llmqs.Select(Now)],
            LlmqChainLocks = Now(network.LlmqChainLocks),
            LlmqInstantSend = Now(network.LlmqInstantSend),
            LlmqPlatform = Now(network.LlmqPlatform),
            LlmqMnHf = Now(network.LlmqMnHf),
        };
    }

    /// <summary>The network's quorum of a name.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">Name of the quorum.</param>
    /// <param name="option">The option, for messages.</param>
    /// <param name="rotated">Whether it must rotate; null when either will do.</param>
    public static LlmqParams Quorum(ChainParams network, string name, string option, bool? rotated)
    {
        foreach (var quorum in network.Llmqs)
        {
            if (quorum.Name == name)
            {
                return rotated is null || rotated == quorum.UsesRotation
                    ? quorum
                    : throw Refuse(
                        $"LLMQ type specified for -{option} must {(rotated.Value ? "" : "NOT ")}use rotation");
            }
        }

        throw Refuse($"Invalid LLMQ type specified for -{option}.");
    }

    public static FormatException Refuse(string message) => new(message);
}
