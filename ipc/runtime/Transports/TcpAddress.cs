using System.Globalization;

namespace Dash.Ipc.Transports;

/// <summary>A TCP port, over which nothing but TLS with certificates of both ends is spoken.</summary>
/// <param name="Host">A name or an address, IPv6 without brackets.</param>
/// <param name="Port">The port; 0 to listen on a free one.</param>
public sealed record TcpAddress(string Host, int Port) : IpcAddress
{
    /// <summary>The form an option takes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"tcp:{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
