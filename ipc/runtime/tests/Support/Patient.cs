using Dash.Ipc.Connections;
using Dash.Ipc.Multiprocess;

namespace Dash.Ipc.Tests.Support;

/// <summary>Options of connections between processes that start on a busy machine: nobody is given up for being slow to begin.</summary>
internal static class Patient
{
    internal static IpcLimits Limits { get; } = IpcLimits.Default with { HandshakeTimeout = TimeSpan.FromSeconds(60) };

    internal static IpcOptions Options { get; } = new() { Limits = Limits };
}
