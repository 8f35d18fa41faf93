using Dash.Common.Options;

namespace Dash.Rpc.Http;

/// <summary>Options of the listener that tells how the daemon is.</summary>
public static class HealthOptions
{
    /// <summary>Where it listens.</summary>
    public static readonly OptionalOption Bind = Option.OptionalStr(
        "healthbind=<addr>:<port>",
        "Answer /health/live, /health/ready, /health/startup and /metrics (for Prometheus) there, without a password and without " +
        "anything that is secret (default: off)",
        OptionGroup.Rpc,
        OptionFlags.NetworkOnly);

    /// <summary>Where an option of this kind says to listen; null if it was not given, or negated.</summary>
    public static string? Place(Options options, OptionalOption option) => options[option] is { } place and not "0" ? place : null;

    /// <summary>All of them, for a daemon's list of options.</summary>
    public static IReadOnlyList<Option> All { get; } = [Bind];
}
