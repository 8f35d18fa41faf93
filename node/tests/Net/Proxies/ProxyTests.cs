using System.Net;
using System.Net.Sockets;
using System.Text;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Proxies;

public class ProxyTests
{
    private const string I2p = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "050100", "0500", "05010003", "05000001010203040506", null)]
    [InlineData(true, "05020002", "0502", "0101300130", "0100", "05000003026162ffff")]
    [InlineData(true, "05020002", "0500", "05010003", "0500000400000000000000000000000000000000ffff", null)]
    public async Task A_proxy_is_asked_for_a_name(bool randomizes, string hello, string method, string request, string reply, string? lastReply)
    {
        var (stream, isProxyFault, asked) = await AskAsync(randomizes, hello.Length / 2, [method, reply, lastReply ?? ""], "example.onion", lastReply is null ? [20] : [5, 20]);
        Assert.NotNull(stream);
        Assert.False(isProxyFault);
        Assert.StartsWith(hello + request, asked, StringComparison.Ordinal);
        Assert.EndsWith("0d" + Convert.ToHexStringLower(Encoding.ASCII.GetBytes("example.onion")) + "270f", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0400")]
    [InlineData("05ff")]
    [InlineData("0502")]
    public async Task A_proxy_that_wants_something_else_is_left(string method)
    {
        var (stream, isProxyFault, _) = await AskAsync(randomizes: false, 3, [method], "1.2.3.4", []);
        Assert.Null(stream);
        Assert.False(isProxyFault);
    }

    [Theory]
    [InlineData("05050001000000000000")]
    [InlineData("05000101000000000000")]
    [InlineData("05000009000000000000")]
    [InlineData("0500")]
    public async Task A_refusal_is_no_connection(string reply)
    {
        var (stream, _, _) = await AskAsync(randomizes: false, 3, ["0500", reply], "1.2.3.4", [14]);
        Assert.Null(stream);
    }

    [Fact]
    public async Task Nobody_at_the_proxys_port_is_the_proxys_fault()
    {
        // Taken and not listened on: nobody else can be there meanwhile.
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var proxy = ProxyAddress.At(NetEndpoint.From((IPEndPoint)taken.LocalEndPoint!)); // it is bound
        var (stream, isProxyFault) = await Socks().ConnectAsync(proxy, "1.2.3.4", 1, Ct);
        Assert.Null(stream);
        Assert.True(isProxyFault);
    }

    [Fact]
    public async Task A_router_of_I2P_makes_a_session_and_connects()
    {
        var destination = I2pDestination.Encode(Key());
        await using FakeRouter router = new(line => line switch
        {
            _ when line.StartsWith("HELLO", StringComparison.Ordinal) => "HELLO REPLY RESULT=OK VERSION=3.1",
            _ when line.StartsWith("SESSION CREATE", StringComparison.Ordinal) => "SESSION STATUS RESULT=OK DESTINATION=" + destination,
            _ when line.StartsWith("NAMING", StringComparison.Ordinal) => "NAMING REPLY RESULT=OK NAME=x VALUE=abcd",
            _ when line.StartsWith("STREAM CONNECT", StringComparison.Ordinal) => "STREAM STATUS RESULT=OK",
            _ => "?",
        });
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), Timeout, NullLogger.Instance);
        Assert.True(NetEndpoint.TryParse(I2p + ":0", 0, out var target));
        var (stream, local, isFault) = await session.ConnectAsync(target, Ct);
        await using var connected = Assert.IsType<NetworkStream>(stream);
        Assert.False(isFault);
        Assert.Equal(I2pDestination.AddressOf(I2pDestination.Of(Key())), local.Address);
        Assert.Contains($"NAMING LOOKUP NAME={I2p}", router.Lines);

        var (refused, _, wasFault) = await session.ConnectAsync(target with { Port = 8333 }, Ct);
        Assert.Null(refused);
        Assert.False(wasFault);
    }

    [Fact]
    public async Task Peers_come_through_I2P_under_the_address_of_a_kept_key()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "i2p_private_key");
        var peer = I2pDestination.Encode(Key(fill: 9));
        await using FakeRouter router = new(line => line switch
        {
            _ when line.StartsWith("HELLO", StringComparison.Ordinal) => "HELLO REPLY RESULT=OK VERSION=3.1",
            _ when line.StartsWith("DEST GENERATE", StringComparison.Ordinal) => "DEST REPLY PUB=x PRIV=" + I2pDestination.Encode(Key()),
            _ when line.StartsWith("SESSION CREATE", StringComparison.Ordinal) => "SESSION STATUS RESULT=OK",
            _ when line.StartsWith("STREAM ACCEPT", StringComparison.Ordinal) => "STREAM STATUS RESULT=OK\n" + peer,
            _ => "?",
        });
        await using SamSession session = new(router.Address, path, new Clock(), Timeout, NullLogger.Instance);
        var listening = await session.ListenAsync(Ct);
        Assert.NotNull(listening);
        var accepted = await session.AcceptAsync(listening.Value.Line, Ct);
        Assert.NotNull(accepted);
        await accepted.Value.Stream.DisposeAsync();
        Assert.Equal(I2pDestination.AddressOf(Key(fill: 9)), accepted.Value.Peer.Address);
        Assert.Equal(Key(), await File.ReadAllBytesAsync(path, Ct));
    }

    [Theory]
    [InlineData("HELLO REPLY RESULT=NOVERSION")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_router_that_refuses_is_to_blame(string hello)
    {
        await using FakeRouter router = new(_ => hello);
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), Timeout, NullLogger.Instance);
        Assert.True(NetEndpoint.TryParse(I2p + ":0", 0, out var target));
        var (stream, _, isFault) = await session.ConnectAsync(target, Ct);
        Assert.Null(stream);
        Assert.True(isFault);
    }

    [Theory]
    [InlineData("250 OK", null, null)]
    [InlineData("250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE=\"/a b/\\\"c\"", "METHODS", "COOKIE,SAFECOOKIE")]
    [InlineData("250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE=\"/a b/\\\"c\"", "COOKIEFILE", "/a b/\"c")]
    [InlineData("250-ServiceID=abc", "ServiceID", "abc")]
    [InlineData("250-net/listeners/socks=\"127.0.0.1:9050\"", "net/listeners/socks", "127.0.0.1:9050")]
    public void Words_of_Tor_are_understood(string line, string? key, string? value) =>
        Assert.Equal(value, new TorReply(250, [line[4..]]).Find(key ?? "OK"));

    [Fact]
    public async Task Tor_makes_an_onion_service_that_others_are_told()
    {
        const string Service = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
        using TempDirectory directory = new();
        var cookiePath = Path.Combine(directory.Path, "cookie");
        var cookie = new byte[32];
        await File.WriteAllBytesAsync(cookiePath, cookie, Ct);
        var nonce = new string('0', 64);
        await using FakeRouter tor = new(line => line switch
        {
            "PROTOCOLINFO 1" => $"250-PROTOCOLINFO 1\r\n250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE=\"{cookiePath}\"\r\n250 OK\r",
            _ when line.StartsWith("AUTHCHALLENGE SAFECOOKIE ", StringComparison.Ordinal) =>
                "250 AUTHCHALLENGE SERVERHASH=" + Convert.ToHexString(System.Security.Cryptography.HMACSHA256.HashData(
                    "Tor safe cookie authentication server-to-controller hash"u8,
                    [.. cookie, .. Convert.FromHexString(line[25..]), .. new byte[32]])) + $" SERVERNONCE={nonce}\r",
            _ when line.StartsWith("AUTHENTICATE ", StringComparison.Ordinal) => "250 OK\r",
            _ when line.StartsWith("GETINFO", StringComparison.Ordinal) => "250-net/listeners/socks=\"127.0.0.1:9150\"\r\n250 OK\r",
            _ when line.StartsWith("ADD_ONION NEW:ED25519-V3 Port=9999,127.0.0.1:9996", StringComparison.Ordinal) =>
                $"250-ServiceID={Service}\r\n250-PrivateKey=ED25519-V3:secret\r\n250 OK\r",
            _ => "510 Unrecognized\r",
        });
        ReachableNetworks reachable = new([NetworkKind.Ipv4]);
        LocalAddresses local = new(reachable, discovers: false, requiresRoutable: true, NullLogger.Instance);
        ProxyTable proxies = new();
        Assert.True(NetEndpoint.TryParse("127.0.0.1:9996", 0, out var target));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        TorController controller = new(
            tor.Address, "", Path.Combine(directory.Path, "onion_v3_private_key"), 9999, target, proxies, reachable, local, new Clock(), NullLoggerFactory.Instance);
        var running = controller.RunAsync(stop.Token);
        while (local.All.Count == 0)
        {
            Ct.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        Assert.Equal(Service + ".onion:9999", Assert.Single(local.All).Endpoint.ToString());
        Assert.Equal("127.0.0.1:9150", proxies.Find(NetworkKind.Onion)?.ToString());
        Assert.Equal("ED25519-V3:secret", await File.ReadAllTextAsync(Path.Combine(directory.Path, "onion_v3_private_key"), Ct));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(local.All);
    }

    private static Socks5 Socks() => new(new Clock(), Timeout, NullLogger.Instance, NullLogger.Instance, NullLogger.Instance);

    // A destination of 391 bytes: its certificate has four.
    private static byte[] Key(byte fill = 1)
    {
        var key = new byte[391];
        key.AsSpan().Fill(fill);
        (key[385], key[386]) = (0, 4);
        return key;
    }

    // Reads so many bytes, answers, reads what is announced, answers, …; then hangs up.
    private static async Task<(Stream? Stream, bool IsProxyFault, string Asked)> AskAsync(
        bool randomizes, int helloSize, string[] replies, string host, int[] sizes)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        var proxy = ProxyAddress.At(NetEndpoint.From((IPEndPoint)listener.LocalEndpoint)) with { RandomizesCredentials = randomizes };
        StringBuilder asked = new();
        var serving = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Ct);
                var stream = client.GetStream();
                int[] steps = [helloSize, .. sizes];
                for (var i = 0; i < steps.Length; i++)
                {
                    var bytes = new byte[steps[i]];
                    await stream.ReadExactlyAsync(bytes, Ct);
                    asked.Append(Convert.ToHexStringLower(bytes));
                    await stream.WriteAsync(Convert.FromHexString(replies[i]), Ct);
                }

                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, Ct);
            },
            Ct);
        var (stream, isProxyFault) = await Socks().ConnectAsync(proxy, host, 9999, Ct);
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        await serving;
        return (stream, isProxyFault, asked.ToString());
    }
}
