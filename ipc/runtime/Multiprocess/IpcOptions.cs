using System.Diagnostics;
using Dash.Ipc.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Ipc.Multiprocess;

/// <summary>What all connections of a process have in common.</summary>
public sealed record IpcOptions
{
    /// <summary>
    /// The logger of category <c>ipc</c>; at level Debug it gets a line for each request and response.
    /// </summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What a connection may cost.</summary>
    public IpcLimits Limits { get; init; } = IpcLimits.Default;

    /// <summary>For deadlines: real time, not mock time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How lanes of this process are called at peers, as <c>dash-node-1234</c>.</summary>
    public string ProcessName { get; init; } =
        $"{Path.GetFileNameWithoutExtension(Environment.ProcessPath) ?? "dash"}-{Environment.ProcessId}";

    /// <summary>Connections a listener serves at once; others wait to be accepted.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>Called first on each thread that waits for what arrives on a connection, and begins what that sets off; and on the one that watches these.</summary>
    public Action? Receiving { get; init; }

    /// <summary>Called there whenever something has arrived.</summary>
    public Action? Received { get; init; }

    /// <summary>Who this process is over TCP and whom it trusts; null if it speaks over unix sockets only.</summary>
    public Transports.TlsIdentity? Identity { get; init; }
}
