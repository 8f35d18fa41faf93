using Dash.Ipc.Transports;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// The addresses a process was given, and who it is at those of them that are TCP: its certificate is opened, and made, only if
/// there is one.
/// </summary>
/// <param name="directory">The network's directory, absolute.</param>
/// <param name="certificate">The PEM file of our certificate and key.</param>
/// <param name="trust">The other side's fingerprints or certificate files.</param>
/// <param name="time">Real time, for a certificate that is made.</param>
public sealed class IpcEndpoints(string directory, string certificate, IReadOnlyList<string> trust, TimeProvider time) : IDisposable
{
    /// <summary>Who this process is over TCP; null while no address asked for it.</summary>
    public TlsIdentity? Identity { get; private set; }

    /// <summary>Reads an address to connect to.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="socket">The name of the other side's usual socket.</param>
    /// <exception cref="FormatException">It is no address, or <c>-ipctrust</c> names no certificate.</exception>
    /// <exception cref="IOException">It is TCP, and we have no certificate or trust none.</exception>
    /// <exception cref="UnauthorizedAccessException">The certificate's file may not be read.</exception>
    public IpcAddress Remote(string text, string socket)
    {
        var address = IpcAddress.Parse(text, directory, socket);
        if (address is TcpAddress tcp)
        {
            Identify().RequireTrust(tcp);
        }

        return address;
    }

    /// <summary>Listens at an address.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="socket">The name of our usual socket.</param>
    /// <exception cref="FormatException">It is no address, or <c>-ipctrust</c> names no certificate.</exception>
    /// <exception cref="IOException">It is in use or cannot be used; or it is TCP, and we have no certificate or trust none.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It is none of this machine's.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or made.</exception>
    public IpcListener Listen(string text, string socket)
    {
        var address = IpcAddress.Parse(text, directory, socket);
        return IpcListener.Bind(address, address is TcpAddress ? Identify() : null);
    }

    /// <inheritdoc/>
    public void Dispose() => Identity?.Dispose();

    private TlsIdentity Identify() => Identity ??= TlsIdentity.Open(certificate, trust, directory, time);
}
