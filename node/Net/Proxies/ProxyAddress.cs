using System.Net.Sockets;
using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Proxies;

/// <summary>Where a proxy listens: an address, or a socket in the file system. Immutable.</summary>
internal sealed record ProxyAddress
{
    private const string UnixPrefix = "unix:";

    // The system's limit for the path of a socket, without the zero at its end.
    private const int MaxUnixPath = 107;

    private ProxyAddress(NetEndpoint? endpoint, string? path)
    {
        Endpoint = endpoint;
        UnixPath = path;
    }

    /// <summary>The address; null for a socket in the file system.</summary>
    public NetEndpoint? Endpoint { get; }

    /// <summary>The path of the socket; null for an address.</summary>
    public string? UnixPath { get; }

    /// <summary>Whether each connection has its own user name, by which Tor keeps their paths apart.</summary>
    public bool RandomizesCredentials { get; init; }

    /// <summary>At an address.</summary>
    public static ProxyAddress At(NetEndpoint endpoint) => new(endpoint, null);

    /// <summary>At a path, if the text is one: "unix:path".</summary>
    public static ProxyAddress? AtPath(string text) =>
        text.StartsWith(UnixPrefix, StringComparison.Ordinal)
        && System.Text.Encoding.UTF8.GetByteCount(text) - UnixPrefix.Length <= MaxUnixPath
            ? new ProxyAddress(null, text[UnixPrefix.Length..])
            : null;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<NetworkStream> ConnectAsync(TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        using CancellationTokenSource limit = new(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        if (UnixPath is "")
        {
            throw new SocketException((int)SocketError.ConnectionRefused); // a socket without a path: nobody can listen there
        }

        Socket socket = UnixPath is not null
            ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            System.Net.EndPoint target = UnixPath is { } path
                ? new UnixDomainSocketEndPoint(path)
                : Endpoint?.ToIPEndPoint() ?? throw new SocketException((int)SocketError.AddressFamilyNotSupported);
            await socket.ConnectAsync(target, either.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>As results show it.</summary>
    public override string ToString() => UnixPath is { } path ? UnixPrefix + path : Endpoint.ToString() ?? "";
}
