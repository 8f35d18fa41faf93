using Dash.Primitives.Hashing;

namespace Dash.Primitives.Psbt;

/// <summary>How far one input of a PSBT is.</summary>
public sealed record PsbtInputAnalysis
{
    /// <summary>Whether the output it spends is known.</summary>
    public bool HasSpent { get; init; }

    /// <summary>Whether it is finished.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Who is next.</summary>
    public PsbtRole Next { get; init; } = PsbtRole.Extractor;

    /// <summary>Ids of keys that are not known.</summary>
    public IReadOnlyList<Hash160> MissingKeys { get; init; } = [];

    /// <summary>Ids of keys whose signature is missing.</summary>
    public IReadOnlyList<Hash160> MissingSignatures { get; init; } = [];

    /// <summary>The hash of a script that is not known.</summary>
    public Hash160? MissingRedeemScript { get; init; }
}
