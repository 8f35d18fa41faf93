using Dash.Common.Time;
using Dash.Node.Net.Proxies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Proxies;

public class Socks5Tests
{
    private static readonly byte[] Granted = [5, 0, 0, 1, 1, 2, 3, 4, 5, 6];

    private readonly ListLog _log = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, "general failure")]
    [InlineData(2, "connection not allowed")]
    [InlineData(3, "network unreachable")]
    [InlineData(4, "host unreachable")]
    [InlineData(5, "connection refused")]
    [InlineData(6, "TTL expired")]
    [InlineData(7, "protocol error")]
    [InlineData(8, "address type not supported")]
    [InlineData(9, "unknown")]
    [InlineData(0xf0, "unknown")]
    [InlineData(0xff, "unknown")]
    public async Task What_the_proxy_says_against_it_is_told(byte code, string reason)
    {
        await using FakeSocksServer server = new(stream => FakeSocksServer.NegotiateAsync(stream, wantsUser: false, [5, code, 0, 1, 0, 0, 0, 0, 0, 0], 100));
        var (stream, isProxyFault) = await Socks().ConnectAsync(server.Address, "somewhere.example", 9999, Ct);
        Assert.Null(stream);
        Assert.False(isProxyFault);
        Assert.Contains($"Socks5() connect to somewhere.example:9999 failed: {reason}", _log.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_may_come_byte_by_byte_and_what_follows_belongs_to_the_peer(bool wantsUser)
    {
        await using FakeSocksServer server = new(async stream =>
        {
            await FakeSocksServer.NegotiateAsync(stream, wantsUser, [5, 0, 0, 3, 4, 97, 98, 99, 100, 1, 2], 1);
            await stream.WriteAsync("hello"u8.ToArray());
        });
        var (stream, _) = await Socks().ConnectAsync(server.Address with { RandomizesCredentials = wantsUser }, "x", 1, Ct);
        Assert.NotNull(stream);
        var heard = new byte[5];
        await stream.ReadExactlyAsync(heard, Ct);
        Assert.Equal("hello"u8.ToArray(), heard);
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Each_connection_has_a_user_of_its_own()
    {
        System.Collections.Concurrent.ConcurrentBag<string> users = [];
        await using (FakeSocksServer server = new(async stream => users.Add(await FakeSocksServer.NegotiateAsync(stream, wantsUser: true, Granted, 100))))
        {
            var socks = Socks();
            for (var i = 0; i < 5; i++)
            {
                var (stream, _) = await socks.ConnectAsync(server.Address with { RandomizesCredentials = true }, "x", 1, Ct);
                await stream!.DisposeAsync(); // granted
            }
        }

        Assert.Equal(5, users.Distinct().Count());
        Assert.All(users, static user => Assert.Equal(user.Split(':')[0], user.Split(':')[1]));
    }

    [Fact]
    public async Task A_proxy_that_refuses_the_user_is_left()
    {
        await using FakeSocksServer server = new(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[4]);
            await stream.WriteAsync(new byte[] { 5, 2, 1, 1 });
        });
        var (stream, isProxyFault) = await Socks().ConnectAsync(server.Address with { RandomizesCredentials = true }, "x", 1, Ct);
        Assert.Null(stream);
        Assert.False(isProxyFault);
        Assert.Contains(_log.Lines, static line => line.EndsWith("Proxy authentication unsuccessful", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_no_request_holds_is_not_asked_for()
    {
        await using FakeSocksServer server = new(static _ => Task.CompletedTask);
        var (stream, isProxyFault) = await Socks().ConnectAsync(server.Address, new string('a', 256), 1, Ct);
        Assert.Null(stream);
        Assert.False(isProxyFault);
        Assert.Contains(_log.Lines, static line => line.EndsWith("Hostname too long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_stops_waiting_for_a_proxy_that_says_nothing_is_free_at_once()
    {
        TaskCompletionSource greeted = new();
        TaskCompletionSource done = new();
        await using FakeSocksServer server = new(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[3]);
            greeted.SetResult();
            await done.Task;
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var connecting = Socks().ConnectAsync(server.Address, "x", 1, stop.Token);
        await greeted.Task.WaitAsync(Ct);
        Assert.False(connecting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        done.SetResult();
    }

    // Every beginning of a good answer, and noise: no connection, and nothing thrown.
    [Fact]
    public async Task Half_and_wrong_answers_come_to_nothing()
    {
        Random random = new(5);
        byte[] whole = [5, 0, .. Granted];
        List<byte[]> answers = [.. Enumerable.Range(0, whole.Length).Select(size => whole[..size])];
        for (var i = 0; i < 200; i++)
        {
            var noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            if (noise.Length > 0 && i % 2 == 0) noise[0] = 5;
            if (noise.Length > 3 && i % 4 == 0) (noise[1], noise[2], noise[3]) = (0, 5, (byte)random.Next(1, 255));
            answers.Add(noise);
        }

        var next = -1;
        await using FakeSocksServer server = new(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[3]);
            await stream.WriteAsync(answers[Interlocked.Increment(ref next)]);
        });
        foreach (var _ in answers)
        {
            var (stream, isProxyFault) = await Socks().ConnectAsync(server.Address, "x", 1, Ct);
            Assert.Null(stream);
            Assert.False(isProxyFault);
        }
    }

    private Socks5 Socks() => new(new Clock(), TimeSpan.FromSeconds(60), _log, NullLogger.Instance, NullLogger.Instance);
}
