using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Proxies;

public class TorControllerTests
{
    private const string Service = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
    private const string Key = "ED25519-V3:kept";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("NULL", "", "AUTHENTICATE")]
    [InlineData("NULL,HASHEDPASSWORD", "a \"b\" \\c", "AUTHENTICATE \"a \\\"b\\\" \\\\c\"")]
    [InlineData("HASHEDPASSWORD", "secret", "AUTHENTICATE \"secret\"")]
    public async Task The_service_is_made_by_the_authentication_that_both_know(string methods, string password, string expected)
    {
        await using FakeRouter tor = new(line => Good(line, methods));
        await RunAsync(tor, password, local => local.All.Count == 1);
        Assert.Contains(expected, tor.Lines);
        Assert.Contains($"ADD_ONION {Key} Port=9999,127.0.0.1:9996", tor.Lines);
    }

    [Theory]
    [InlineData("HASHEDPASSWORD", "PROTOCOLINFO 1", null)]      // a password that nobody gave
    [InlineData("COOKIE", "PROTOCOLINFO 1", null)]              // the way that shows the cookie to whoever listens there
    [InlineData("SAFECOOKIE", "PROTOCOLINFO 1", null)]          // a cookie file that is not there
    [InlineData("", "PROTOCOLINFO 1", null)]
    [InlineData("NULL", "AUTHENTICATE", "515 Authentication failed\r")]
    [InlineData("NULL", "PROTOCOLINFO 1", "510 Unrecognized\r")]
    [InlineData("NULL", "PROTOCOLINFO 1", "nonsense\r")]
    [InlineData("NULL", "PROTOCOLINFO 1", "\r")]
    [InlineData("NULL", "ADD_ONION", "510 Unrecognized\r")]
    [InlineData("NULL", "ADD_ONION", "512 Bad arguments\r")]
    [InlineData("NULL", "ADD_ONION", "250 OK\r")]
    [InlineData("NULL", "ADD_ONION", "250-ServiceID=nonsense\r\n250 OK\r")]
    [InlineData("NULL", "ADD_ONION", "250-ServiceID=../../etc\r\n250 OK\r")]
    public async Task Without_a_service_nobody_is_told_of_one(string methods, string at, string? answer)
    {
        await using FakeRouter tor = new(line => answer is not null && line.StartsWith(at, StringComparison.Ordinal) ? answer : Good(line, methods));
        await RunAsync(tor, password: "", local =>
        {
            Assert.Empty(local.All);
            return tor.Closed > 0;
        });
        Assert.Contains(tor.Lines, line => line.StartsWith(at, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Tor_that_hangs_up_is_asked_again()
    {
        var asked = 0;
        await using FakeRouter tor = new(line => line.StartsWith("ADD_ONION", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1
            ? null
            : Good(line, "NULL"));
        await RunAsync(tor, password: "", local => local.All.Count == 1);
        Assert.Equal(2, tor.Lines.Count(static line => line.StartsWith("ADD_ONION", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_read_for_ever()
    {
        await using FakeRouter tor = new(static _ => new string('1', 300_000));
        await RunAsync(tor, password: "", local =>
        {
            Assert.Empty(local.All);
            return tor.Closed > 0;
        });
    }

    private static string? Good(string line, string methods) => line switch
    {
        "PROTOCOLINFO 1" => $"250-PROTOCOLINFO 1\r\n250-AUTH METHODS={methods} COOKIEFILE=\"/no/such/cookie\"\r\n250 OK\r",
        _ when line.StartsWith("AUTHENTICATE", StringComparison.Ordinal) => "250 OK\r",
        _ when line.StartsWith("ADD_ONION", StringComparison.Ordinal) => $"250-ServiceID={Service}\r\n250 OK\r",
        _ => "510 Unrecognized\r",
    };

    private static async Task RunAsync(FakeRouter tor, string password, Func<LocalAddresses, bool> isDone)
    {
        using TempDirectory directory = new();
        var keyPath = Path.Combine(directory.Path, "onion_v3_private_key");
        await File.WriteAllTextAsync(keyPath, Key, Ct);
        LocalAddresses local = new(new ReachableNetworks([NetworkKind.Onion]), discovers: false, requiresRoutable: true, NullLogger.Instance);
        Assert.True(NetEndpoint.TryParse("127.0.0.1:9996", 0, out var target));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        TorController controller = new(
            tor.Address, password, keyPath, 9999, target, new ProxyTable(), reachable: null, local, new Clock(), NullLoggerFactory.Instance);
        var running = controller.RunAsync(stop.Token);
        while (!isDone(local))
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(local.All);
    }
}
