namespace Dash.Primitives.Networks;

/// <summary>What a user may change about regtest.</summary>
internal static class RegtestOverrides
{
    private const string VersionBitsForms =
        "Version bits parameters malformed, expecting "
        + "<deployment>:<start>:<end> or "
        + "<deployment>:<start>:<end>:<min_activation_height> or "
        + "<deployment>:<start>:<end>:<min_activation_height>:<window>:<threshold> or "
        + "<deployment>:<start>:<end>:<min_activation_height>:<window>:<thresholdstart>:<thresholdmin>"
        + ":<falloffcoeff>:<useehf>";

    public static ChainParams Apply(ChainParams network, ChainOverrides overrides)
    {
        foreach (var text in overrides.ActivationHeights)
        {
            network = network with { Heights = WithHeight(network.Heights, text) };
        }

        foreach (var text in overrides.VersionBits)
        {
            network = WithVersionBits(network, text);
        }

        if (overrides.Dip3 is { } dip3)
        {
            network = network with { Heights = WithDip3(network.Heights, dip3) };
        }

        if (overrides.Budget is { } budget)
        {
            network = network with { Payments = WithBudget(network.Payments, budget) };
        }

        network = WithQuorums(network, overrides);
        if (network.Heights.V20 < network.Heights.Dip0003 || network.Heights.MnRr < network.Heights.V20)
        {
            // dashd stops here by an assertion.
            throw OverrideText.Refuse("v20 must not be active before dip0003, nor mn_rr before v20");
        }

        return overrides.FastPrune ? network with { PruneAfterHeight = 100 } : network;
    }

    private static ActivationHeights WithHeight(ActivationHeights heights, string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            throw OverrideText.Refuse($"Invalid format ({text}) for -testactivationheight=name@height.");
        }

        if (!OverrideText.TryInt64(text[(at + 1)..], out var value) || value is < 0 or >= int.MaxValue)
        {
            throw OverrideText.Refuse($"Invalid height value ({text}) for -testactivationheight=name@height.");
        }

        var height = (int)value;
        return text[..at] switch
        {
            "bip147" => heights with { Bip147 = height },
            "bip34" => heights with { Bip34 = height },
            "dersig" => heights with { Bip66 = height },
            "cltv" => heights with { Bip65 = height },
            "csv" => heights with { Csv = height },
            "brr" => heights with { Brr = height },
            "dip0001" => heights with { Dip0001 = height },
            "dip0008" => heights with { Dip0008 = height },
            "dip0024" => heights with { Dip0024 = height, Dip0024Quorums = height },
            "v19" => heights with { V19 = height },
            "v20" => heights with { V20 = height },
            "mn_rr" => heights with { MnRr = height },
            _ => throw OverrideText.Refuse($"Invalid name ({text}) for -testactivationheight=name@height."),
        };
    }

    private static ChainParams WithVersionBits(ChainParams network, string text)
    {
        var values = text.Split(':');
        if (values.Length is not (3 or 4 or 6 or 9))
        {
            throw OverrideText.Refuse(VersionBitsForms);
        }

        var isFull = values.Length == 9;
        var start = Number(1, "nStartTime");
        var timeout = Number(2, "nTimeout");
        var minHeight = values.Length >= 4
            ? OverrideText.Int32(values[3], $"Invalid min_activation_height ({values[3]})")
            : 0;
        var window = values.Length >= 6 ? Number(4, "nWindowSize") : -1;
        var thresholdStart = values.Length >= 6 ? Number(5, "nThresholdStart") : -1;
        var thresholdMin = isFull ? Number(6, "nThresholdMin") : -1;
        var falloff = isFull ? Number(7, "nFalloffCoeff") : -1;
        var useEhf = isFull ? Number(8, "nUseEHF") : -1;
        var known = network.Deployments.FirstOrDefault(each => each.Name == values[0])
            ?? throw OverrideText.Refuse($"Invalid deployment ({values[0]})");

        // -1 leaves a value as it is.
        var changed = known with
        {
            StartTime = start,
            Timeout = timeout,
            MinActivationHeight = minHeight,
            Window = Changed(window, known.Window),
            ThresholdStart = Changed(thresholdStart, known.ThresholdStart),
            ThresholdMin = Changed(thresholdMin, known.ThresholdMin),
            Falloff = Changed(falloff, known.Falloff),
            UsesMasternodeSignal = useEhf == -1 ? known.UsesMasternodeSignal : useEhf > 0,
        };
        return network with { Deployments = network.Deployments.Replace(known, changed) };

        long Number(int place, string name) =>
            OverrideText.Int64(values[place], $"Invalid {name} ({values[place]})");
        static int Changed(long value, int old) => value == -1 ? old : (int)Math.Clamp(value, 0, int.MaxValue);
    }

    private static ActivationHeights WithDip3(ActivationHeights heights, string text)
    {
        var values = text.Split(':');
        if (values.Length != 2)
        {
            throw OverrideText.Refuse("DIP3 parameters malformed, expecting <activation>:<enforcement>");
        }

        return heights with
        {
            Dip0003 = OverrideText.Int32(values[0], $"Invalid activation height ({values[0]})"),
            Dip0003Enforcement = OverrideText.Int32(values[1], $"Invalid enforcement height ({values[1]})"),
        };
    }

    private static PaymentParams WithBudget(PaymentParams payments, string text)
    {
        var values = text.Split(':');
        if (values.Length != 3)
        {
            throw OverrideText.Refuse("Budget parameters malformed, expecting <masternode>:<budget>:<superblock>");
        }

        return payments with
        {
            MasternodePaymentsStart = OverrideText.Int32(values[0], $"Invalid masternode start height ({values[0]})"),
            BudgetStart = OverrideText.Int32(values[1], $"Invalid budget start block ({values[1]})"),
            SuperblockStart = OverrideText.Int32(values[2], $"Invalid superblock start height ({values[2]})"),
        };
    }

    private static ChainParams WithQuorums(ChainParams network, ChainOverrides overrides)
    {
        if (overrides.LlmqTest is { } test)
        {
            network = OverrideText.WithSize(network, LlmqParams.Test, "LLMQ_TEST", test);
        }

        if (overrides.LlmqTestInstantSend is { } instantSend)
        {
            network = OverrideText.WithSize(
                network, LlmqParams.TestInstantSend, "LLMQ_TEST_INSTANTSEND", instantSend);
        }

        if (overrides.LlmqTestPlatform is { } platform)
        {
            network = OverrideText.WithSize(network, LlmqParams.TestPlatform, "LLMQ_TEST_PLATFORM", platform);
        }

        return overrides.LlmqTestInstantSendDip0024 is { } dip0024
            ? network with
            {
                LlmqInstantSend = OverrideText.Quorum(network, dip0024, "llmqtestinstantsenddip0024", rotated: null),
            }
            : network;
    }
}
