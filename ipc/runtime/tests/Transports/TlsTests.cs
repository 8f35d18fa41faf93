using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Transports;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TlsIdentity> _identities = [];
    private Task _running = Task.CompletedTask;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_that_trust_each_other_speak_and_large_data_comes_through()
    {
        var (node, wallet) = Pair();
        var address = Serve(node);

        await using var session = await ConnectAsync(address, wallet);
        Assert.Equal(5, await session.Init.AddAsync(2, 3, Ct));
        var data = new byte[5 << 20];
        new Random(3).NextBytes(data);
        Assert.True((await session.Init.EchoAsync(data, Ct)).Span.SequenceEqual(data));
        Assert.StartsWith("tcp:127.0.0.1:", session.Connection.Peer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_left_and_named()
    {
        var stranger = Identity("stranger", []);
        var (node, _) = Pair();
        var wallet = Identity("other", [stranger.Fingerprint]);
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ConnectAsync(Serve(node), wallet));
        Assert.Contains($"not trusted; its certificate's fingerprint is {node.Fingerprint}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_not_trusted_is_turned_away_and_named()
    {
        var (node, wallet) = Pair();
        var address = Serve(node);
        var stranger = Identity("stranger", [node.Fingerprint]);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(address, stranger));
        Assert.True(refused is IpcException { Kind: IpcErrorKind.Disconnected } or IOException, refused.ToString());
        await Eventually.Holds("the line", () => _log.Lines.Any(line =>
            line.Contains($"is not trusted; its certificate's fingerprint is {stranger.Fingerprint}", StringComparison.Ordinal))
            ? null
            : string.Join('\n', _log.Lines));

        await using var session = await ConnectAsync(address, wallet);
        Assert.Equal(5, await session.Init.AddAsync(2, 3, Ct));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_turned_away()
    {
        var (node, _) = Pair();
        var address = Serve(node);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await using SslStream tls = new(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        var refused = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, Ct);
            Assert.Equal(0, await tls.ReadAsync(new byte[1], Ct).AsTask().InTime());
        });
        Assert.True(refused is null or IOException or System.Security.Authentication.AuthenticationException, $"{refused}");
        await Eventually.Holds("the line", () => _log.Lines.Any(line => line.Contains("connection refused", StringComparison.Ordinal))
            ? null
            : string.Join('\n', _log.Lines));
    }

    [Fact]
    public async Task An_older_version_of_tls_is_refused()
    {
        var (node, wallet) = Pair();
        var address = Serve(node);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await using SslStream tls = new(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12,
            },
            Ct));
        await using var session = await ConnectAsync(address, wallet);
        Assert.Equal(5, await session.Init.AddAsync(2, 3, Ct));
    }

    [Fact]
    public async Task Plain_frames_get_no_answer_and_nobody_waits_for_who_says_nothing()
    {
        var (node, wallet) = Pair();
        var address = Serve(node);
        using TcpClient plain = new();
        using TcpClient mute = new();
        await mute.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await plain.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await plain.GetStream().WriteAsync(Convert.FromHexString("00000000050000000000000001000100"), Ct);
        var heard = new byte[64];
        var count = 0;
        try
        {
            count = await plain.GetStream().ReadAsync(heard, Ct).AsTask().InTime();
        }
        catch (IOException)
        {
            // Reset: also no answer.
        }

        Assert.True(count == 0 || heard[0] == 0x15, "at most an alert of TLS is said");
        await using var session = await ConnectAsync(address, wallet);
        Assert.Equal(5, await session.Init.AddAsync(2, 3, Ct));
    }

    [Theory]
    [InlineData(16, 12)]
    [InlineData(4, 1)]
    public async Task Who_says_nothing_has_a_minute_while_there_is_room_and_five_seconds_else(int places, int looks)
    {
        var (node, wallet) = Pair();
        ManualTime time = new();
        var address = Serve(node, options => options with { Limits = IpcLimits.Default, MaxConnections = places, Time = time });
        using TcpClient one = new();
        using TcpClient other = new();
        await one.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await other.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        await using var session = await ConnectAsync(address, wallet); // who came before was taken in before
        for (var look = 1; look < looks; look++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.DoesNotContain(_log.Lines, static line => line.Contains("did not say who it is", StringComparison.Ordinal));

        // The listener may still be taking its last place for who comes next.
        for (var late = 0; late < 5; late++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await Eventually.Holds("both are shown out", () => _log.Lines.Count(static line =>
            line.Contains("did not say who it is in time", StringComparison.Ordinal)) is var count and not 2 ? $"{count} are" : null);
        Assert.Equal(0, await one.GetStream().ReadAsync(new byte[1], Ct).AsTask().InTime());
        Assert.Equal(0, await other.GetStream().ReadAsync(new byte[1], Ct).AsTask().InTime());
    }

    [Fact]
    public async Task Who_trusts_nobody_neither_listens_nor_connects_and_is_told_how_to()
    {
        var nobody = Identity("nobody", []);
        TcpAddress address = new("127.0.0.1", 0);
        foreach (var refused in (Exception[])
            [
                Assert.Throws<IOException>(() => IpcListener.Bind(address, nobody)),
                await Assert.ThrowsAsync<IOException>(() => ConnectAsync(address, nobody)),
            ])
        {
            Assert.Contains("-ipctrust", refused.Message, StringComparison.Ordinal);
            Assert.Contains(nobody.Fingerprint, refused.Message, StringComparison.Ordinal);
        }

        Assert.Contains("-ipctrust", Assert.Throws<IOException>(() => IpcListener.Bind(address, null)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "-ipctrust", (await Assert.ThrowsAsync<IOException>(() => ConnectAsync(address, null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_is_made_once_and_only_its_owner_reads_it()
    {
        var first = Identity("same", []);
        var file = _folder.File("same.pem");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));
        Assert.Equal(first.Fingerprint, Identity("same", []).Fingerprint);
        Assert.NotEqual(first.Fingerprint, Identity("different", []).Fingerprint);
        Assert.Equal(64, first.Fingerprint.Length);
    }

    [Fact]
    public void Trust_is_a_fingerprint_or_a_file()
    {
        var other = Identity("other", []);
        Assert.True(Identity("a", [other.Fingerprint]).TrustsAnybody);
        Assert.True(Identity("a", [string.Join(':', other.Fingerprint.ToUpperInvariant().Chunk(2).Select(two => new string(two)))]).TrustsAnybody);
        Assert.True(Identity("a", ["other.pem"]).TrustsAnybody);

        File.WriteAllText(_folder.File("empty.pem"), "nothing\n");
        Assert.Throws<FormatException>(() => Identity("a", ["empty.pem"]));
        Assert.Throws<FileNotFoundException>(() => Identity("a", ["absent.pem"]));
        File.WriteAllText(_folder.File("broken.pem"), "nothing\n");
        Assert.Throws<FormatException>(() => Identity("broken", []));
    }

    [Theory]
    [InlineData("unix", "unix:/net/node.sock")]
    [InlineData("unix:a.sock", "unix:/net/a.sock")]
    [InlineData("unix:/b/a.sock", "unix:/b/a.sock")]
    [InlineData("tcp:127.0.0.1:7000", "tcp:127.0.0.1:7000")]
    [InlineData("tcp:node.example:1", "tcp:node.example:1")]
    [InlineData("tcp:[::1]:65535", "tcp:[::1]:65535")]
    public void Addresses_are_read(string text, string expected) =>
        Assert.Equal(expected, IpcAddress.Parse(text, "/net").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("tcp:")]
    [InlineData("tcp:host")]
    [InlineData("tcp::80")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:-1")]
    [InlineData("tcp:::1:80")]
    [InlineData("tcp:[host]:80")]
    [InlineData("127.0.0.1:80")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.Equal($"Unrecognized address '{text}'", Assert.Throws<FormatException>(() => IpcAddress.Parse(text, "/net")).Message);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.InTime();
        _stop.Dispose();
        _identities.ForEach(identity => identity.Dispose());
        _folder.Dispose();
    }

    private TcpAddress Serve(TlsIdentity identity, Func<IpcOptions, IpcOptions>? more = null)
    {
        var options = Patient.Options with { Logger = _log };
        var listener = IpcListener.Bind(new TcpAddress("127.0.0.1", 0), identity);
        IpcServer server = new(listener, own => new TesterServer(new Tester(), own), more?.Invoke(options) ?? options);
        _running = server.RunAsync(_stop.Token);
        return (TcpAddress)listener.Address;
    }

    private static Task<IpcSession<TesterClient>> ConnectAsync(TcpAddress address, TlsIdentity? identity) => IpcConnector.ConnectAsync(
        address, static (cap, connection) => new TesterClient(cap, connection), Patient.Options with { Identity = identity }, Ct);

    private (TlsIdentity Node, TlsIdentity Wallet) Pair()
    {
        var wallet = Identity("wallet", []);
        var node = Identity("node", [wallet.Fingerprint]);
        return (node, Identity("wallet", [_folder.File("node.pem")]));
    }

    private TlsIdentity Identity(string name, string[] trust)
    {
        var identity = TlsIdentity.Open(name + ".pem", trust, Path.GetDirectoryName(_folder.File("x"))!, TimeProvider.System); // a file has a folder
        _identities.Add(identity);
        return identity;
    }
}
