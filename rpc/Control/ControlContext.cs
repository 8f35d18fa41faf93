using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>What the control methods of a daemon act on.</summary>
public sealed record ControlContext
{
    /// <summary>The methods it serves.</summary>
    public required RpcTable Table { get; init; }

    /// <summary>The calls under way.</summary>
    public required ActiveCommands Active { get; init; }

    /// <summary>Its time.</summary>
    public required Clock Clock { get; init; }

    /// <summary>When it started, in seconds since 1970.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Full path of its log; empty if there is none.</summary>
    public required string LogPath { get; init; }

    /// <summary>Which lines it logs.</summary>
    public required LogFilter LogFilter { get; init; }

    /// <summary>Writes what this daemon adds to <c>getrpcinfo</c>.</summary>
    public Action<Utf8JsonWriter> MoreInfo { get; init; } = static _ => { };

    /// <summary>Its declaration.</summary>
    public IReadOnlyList<RpcResult> MoreInfoResults { get; init; } = [];

    /// <summary>Asks the daemon to stop; returns at once.</summary>
    public required Action Stop { get; init; }

    /// <summary>Time can be set (regtest).</summary>
    public required bool HasMockTime { get; init; }

    /// <summary>Tells other processes the new mock time (seconds since 1970); returns when they have it.</summary>
    public Func<long, CancellationToken, Task> AnnounceMockTime { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Brings everything scheduled nearer by a span, here and in other processes.</summary>
    public Func<TimeSpan, CancellationToken, Task> AdvanceScheduler { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>That of a daemon; what other processes must be told is added with <c>with</c>.</summary>
    public static ControlContext Of(Daemon daemon, RpcTable table, ActiveCommands active, bool hasMockTime) => new()
    {
        Table = table,
        Active = active,
        Clock = daemon.Clock,
        StartedAt = daemon.Clock.RealUtcNow.ToUnixTimeSeconds(),
        LogPath = daemon.Log.Path ?? "",
        LogFilter = daemon.Log.Filter,
        Stop = daemon.Stop,
        HasMockTime = hasMockTime,
        AdvanceScheduler = (span, _) =>
        {
            daemon.Scheduler.Advance(span);
            return Task.CompletedTask;
        },
    };
}
