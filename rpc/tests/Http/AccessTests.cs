using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Rpc.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Http;

public sealed class AccessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dash-rpc-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("", "127.0.0.1", true)]
    [InlineData("", "127.9.9.9", true)]
    [InlineData("", "::1", true)]
    [InlineData("", "::ffff:127.0.0.1", true)]
    [InlineData("", "10.0.0.1", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.5/24", "10.0.0.200", true)]
    [InlineData("10.0.0.5/24", "10.0.1.1", false)]
    [InlineData("10.0.0.0/255.255.0.0", "10.0.9.9", true)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001::1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    public void Only_allowed_networks_are_served(string allowed, string address, bool expected) =>
        Assert.Equal(expected, new AllowedNetworks(allowed.Length == 0 ? [] : [allowed]).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("x")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/255.0.255.0")]
    [InlineData("10.0.0.1/::")]
    [InlineData("10.0.0.1/")]
    public void What_is_no_network_is_refused(string text)
    {
        var error = Assert.Throws<OptionException>(() => new AllowedNetworks([text]));
        Assert.StartsWith($"Invalid -rpcallowip subnet specification: {text}. Valid are", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "", true)]
    [InlineData("127.0.0.1", "localhost", "", true)]
    [InlineData("127.0.0.1", "[::1]:9998", "", true)]
    [InlineData("127.0.0.1", "", "", true)]
    [InlineData("127.0.0.1", "wallet.test:1", "", true)]
    [InlineData("127.0.0.1", "evil.example:9998", "", false)]
    [InlineData("10.0.0.1", "node.example:9998", "", true)]
    [InlineData("127.0.0.1", "localhost", "http://localhost:3000", true)]
    [InlineData("127.0.0.1", "localhost", "https://evil.example", false)]
    [InlineData("10.0.0.1", "node.example", "https://evil.example", false)]
    [InlineData("127.0.0.1", "localhost", "null", false)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "http://8.8.8.8", false)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "http://[2001:db8::1]:9998", false)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "http://127.0.0.1:3000", true)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "http://[::1]:3000", true)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "https://wallet.test", true)]
    [InlineData("127.0.0.1", "127.0.0.1:9998", "https://wallet.test", true, "cross-site")]
    [InlineData("10.0.0.1", "10.0.0.1:9998", "http://10.0.0.1:9998", true)]
    [InlineData("10.0.0.1", "10.0.0.1:9998", "http://10.0.0.1:80", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "", false, "cross-site")]
    [InlineData("127.0.0.1", "127.0.0.1", "", false, "same-site")]
    [InlineData("127.0.0.1", "127.0.0.1", "", true, "same-origin")]
    [InlineData("127.0.0.1", "127.0.0.1", "", true, "none")]
    public void Names_that_a_web_page_could_point_here_are_refused(string local, string host, string origin, bool expected, string site = "") =>
        Assert.Equal(expected, new HostCheck(["wallet.test"]).Allows(IPAddress.Parse(local), host, origin, site));

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4", null)]
    [InlineData("1.2.3.4:5", "1.2.3.4", 5)]
    [InlineData("::1", "::1", null)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("[::1]:5", "::1", 5)]
    [InlineData("name:5", "name", 5)]
    public void Addresses_to_bind_may_have_a_port(string text, string host, int? port) =>
        Assert.Equal((host, port), BindAddresses.Split(text));

    [Theory]
    [InlineData(new[] { "-rpcport=5" }, "[::1]:5 127.0.0.1:5")]
    [InlineData(new[] { "-regtest" }, "[::1]:7 127.0.0.1:7")]
    [InlineData(new[] { "-rpcport=5", "-rpcbind=1.2.3.4" }, "[::1]:5 127.0.0.1:5")]
    [InlineData(new[] { "-rpcport=5", "-rpcallowip=1.2.3.4" }, "[::1]:5 127.0.0.1:5")]
    [InlineData(new[] { "-rpcport=5", "-rpcallowip=1.2.3.4", "-rpcbind=1.2.3.4", "-rpcbind=[::]:9" }, "1.2.3.4:5 [::]:9")]
    public void Other_machines_are_served_only_with_both_options(string[] args, string expected)
    {
        var options = Options.ParseCommandLine([.. BaseOptions.All, .. HttpOptions.All], args);
        var bound = BindAddresses.From(options, 7, NullLogger.Instance);
        Assert.Equal(expected, string.Join(' ', bound.Select(address => address.EndPoint)));
    }

    [Theory]
    [InlineData("-rpcport=-1", "'-1'")]
    [InlineData("-rpcport=70000", "'70000'")]
    [InlineData("-rpcport=x", "'x'")]
    public void What_is_no_port_is_refused_by_name(string arg, string shown) => Assert.Equal(
        "Invalid port specified in -rpcport: " + shown,
        Assert.Throws<StartupException>(() => RpcPorts.Require(
            Options.ParseCommandLine([.. BaseOptions.All, .. HttpOptions.All], ["-regtest", arg]), HttpOptions.Port)).Message);

    [Theory]
    [InlineData("-healthbind=127.0.0.1:9", "127.0.0.1:9")]
    [InlineData("-nohealthbind", null)]
    [InlineData("-regtest", null)]
    public void A_negated_place_is_as_one_that_was_not_given(string arg, string? place) => Assert.Equal(
        place, HealthOptions.Place(Options.ParseCommandLine([.. BaseOptions.All, .. HealthOptions.All], [arg]), HealthOptions.Bind));

    [Fact]
    public void The_cookie_lets_in_and_is_gone_afterwards()
    {
        var path = Path.Combine(_directory, "my.cookie");
        using (var auth = Auth("-rpccookiefile=" + path))
        {
            var cookie = File.ReadAllText(path);
            Assert.Matches("^__cookie__:[0-9a-f]{64}$", cookie);
            Assert.Equal(cookie.Split(':')[1], CookieFile.Read(path)!.Value.Password);
            Assert.Equal("__cookie__", auth.Authenticate(Basic(cookie)));
            Assert.Null(auth.Authenticate(Basic(cookie + "0")));
            Assert.Null(auth.Authenticate(Basic("__cookie__:")));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }

        Assert.Empty(Directory.GetFiles(_directory));
        Assert.Null(CookieFile.Read(path));
    }

    [Fact]
    public void A_password_replaces_the_cookie_and_hashed_ones_come_beside_it()
    {
        const string salt = "f0";
        var hash = Convert.ToHexStringLower(HMACSHA256.HashData("f0"u8, Encoding.UTF8.GetBytes("grün:1")));
        using var auth = Auth("-rpcuser=u", "-rpcpassword=p:w", $"-rpcauth=alice:{salt}${hash}", $"-rpcauth=bob:{salt}$00");
        Assert.Equal("u", auth.Authenticate(Basic("u:p:w")));
        Assert.Equal("alice", auth.Authenticate(Basic("alice:grün:1")));
        Assert.Null(auth.Authenticate(Basic("bob:grün:1")));
        Assert.Null(auth.Authenticate(Basic("alice:other")));
        Assert.Null(auth.Authenticate(Basic("u")));
        Assert.Null(auth.Authenticate("Basic ???"));
        Assert.Null(auth.Authenticate("Bearer u:p:w"));
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Theory]
    [InlineData("-rpcauth=x", "-rpcpassword=p")]
    [InlineData("-rpccookiefile=/proc/none/.cookie")]
    public void What_cannot_work_keeps_the_server_from_starting(params string[] args) =>
        Assert.Equal(
            "Unable to start HTTP server. See debug log for details.",
            Assert.Throws<StartupException>(() => Auth(args)).Message);

    private static RpcAuth Auth(params string[] args) => RpcAuth.Create(
        Options.ParseCommandLine([.. BaseOptions.All, .. HttpOptions.All], args), ".cookie", NullLogger.Instance);

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
}
