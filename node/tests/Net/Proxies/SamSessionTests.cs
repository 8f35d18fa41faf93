using System.Text;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;

namespace Dash.Node.Tests.Net.Proxies;

public class SamSessionTests
{
    private const string Peer = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";

    private readonly ListLog _log = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static NetEndpoint Target => NetEndpoint.TryParse(Peer + ":0", 0, out var target) ? target : throw new InvalidOperationException();

    [Theory]
    [InlineData("NAMING", "NAMING REPLY RESULT=KEY_NOT_FOUND NAME=x", true)]
    [InlineData("NAMING", "NAMING REPLY RESULT=OK NAME=x", true)]
    [InlineData("NAMING", "", true)]
    [InlineData("NAMING", null, true)]
    [InlineData("STREAM", "STREAM STATUS RESULT=CANT_REACH_PEER", false)]
    [InlineData("STREAM", "STREAM STATUS RESULT=TIMEOUT", false)]
    [InlineData("STREAM", "STREAM STATUS RESULT=I2P_ERROR", true)]
    [InlineData("STREAM", "STREAM STATUS", true)]
    [InlineData("STREAM", null, true)]
    [InlineData("SESSION", "SESSION STATUS RESULT=DUPLICATED_ID", true)]
    [InlineData("SESSION", "SESSION STATUS RESULT=OK", true)]
    [InlineData("SESSION", "SESSION STATUS RESULT=OK DESTINATION=!!", true)]
    [InlineData("SESSION", "SESSION STATUS RESULT=OK DESTINATION=AAAA", true)]
    [InlineData("SESSION", null, true)]
    [InlineData("HELLO", "HELLO REPLY RESULT=I2P_ERROR MESSAGE=x", true)]
    [InlineData("HELLO", null, true)]
    public async Task A_refusal_is_the_routers_fault_or_the_peers(string at, string? answer, bool isProxyFault)
    {
        await using FakeRouter router = new(line => line.StartsWith(at, StringComparison.Ordinal) ? answer : Good(line));
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
        var (stream, _, isFault) = await session.ConnectAsync(Target, Ct);
        Assert.Null(stream);
        Assert.Equal(isProxyFault, isFault);
        Assert.Contains(_log.Lines, static line => line.StartsWith($"Error connecting to {Peer}:0: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_the_router_forgot_is_made_anew()
    {
        var isKnown = false;
        await using FakeRouter router = new(line => line.StartsWith("STREAM CONNECT", StringComparison.Ordinal) && !isKnown
            ? "STREAM STATUS RESULT=INVALID_ID"
            : Good(line));
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
        var (refused, _, _) = await session.ConnectAsync(Target, Ct);
        Assert.Null(refused);
        isKnown = true;
        var (stream, _, _) = await session.ConnectAsync(Target, Ct);
        Assert.NotNull(stream);
        await stream.DisposeAsync();
        Assert.Equal(2, router.Lines.Count(static line => line.StartsWith("SESSION CREATE", StringComparison.Ordinal)));
        Assert.Contains(_log.Lines, static line => line.StartsWith("Destroying SAM session ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_connections_share_a_session()
    {
        await using FakeRouter router = new(Good);
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
        for (var i = 0; i < 2; i++)
        {
            var (stream, _, _) = await session.ConnectAsync(Target, Ct);
            await stream!.DisposeAsync(); // good answers
        }

        Assert.Single(router.Lines, static line => line.StartsWith("SESSION CREATE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("STREAM STATUS RESULT=I2P_ERROR MESSAGE=x", true)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    public async Task Who_comes_without_a_destination_is_nobody(string comer, bool endsSession)
    {
        await using FakeRouter router = new(line => line.StartsWith("STREAM ACCEPT", StringComparison.Ordinal) ? "STREAM STATUS RESULT=OK\n" + comer : Good(line));
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
        var listening = await session.ListenAsync(Ct);
        Assert.NotNull(listening);
        var accepted = await session.AcceptAsync(listening.Value.Line, Ct);
        if (accepted is { } peer)
        {
            // Text that is base 64 by chance names an address nobody has.
            await peer.Stream.DisposeAsync();
        }

        Assert.Equal(endsSession, _log.Lines.Any(static line => line.StartsWith("Destroying SAM session ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("STREAM STATUS RESULT=INVALID_ID")]
    [InlineData("STREAM STATUS RESULT=ALREADY_ACCEPTING")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_router_that_takes_nobody_in_for_us_is_told(string? answer)
    {
        await using FakeRouter router = new(line => line.StartsWith("STREAM ACCEPT", StringComparison.Ordinal) ? answer : Good(line));
        await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
        Assert.Null(await session.ListenAsync(Ct));
        Assert.Contains(_log.Lines, static line => line.StartsWith("Couldn't listen: ", StringComparison.Ordinal));
    }

    // Noise instead of each answer, and a line without an end: no connection, and nothing thrown.
    [Fact]
    public async Task Noise_comes_to_nothing()
    {
        Random random = new(7);
        foreach (var at in (string[])["HELLO", "SESSION", "NAMING", "STREAM"])
        {
            for (var i = 0; i < 25; i++)
            {
                var noise = new byte[i == 0 ? 70_000 : random.Next(200)];
                random.NextBytes(noise);
                noise.AsSpan().Replace((byte)'\n', (byte)' ');
                var text = (i % 3 == 1 ? "X RESULT=OK DESTINATION=" : "") + Encoding.Latin1.GetString(noise);
                await using FakeRouter router = new(line => line.StartsWith(at, StringComparison.Ordinal) ? text : Good(line));
                await using SamSession session = new(router.Address, keyPath: null, new Clock(), TimeSpan.FromSeconds(60), _log);
                var (stream, _, _) = await session.ConnectAsync(Target, Ct);
                if (stream is not null)
                {
                    Assert.StartsWith("X RESULT=OK", text, StringComparison.Ordinal);
                    await stream.DisposeAsync();
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(386)]
    public async Task A_key_file_that_is_cut_off_makes_no_session(int size)
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "i2p_private_key");
        await File.WriteAllBytesAsync(path, new byte[size], Ct);
        await using FakeRouter router = new(Good);
        await using SamSession session = new(router.Address, path, new Clock(), TimeSpan.FromSeconds(60), _log);
        var (stream, _, _) = await session.ConnectAsync(Target, Ct);
        Assert.Null(stream);
        Assert.Contains(_log.Lines, static line => line.Contains("The private key is too short", StringComparison.Ordinal));
    }

    private static string? Good(string line) => line.Split(' ')[0] switch
    {
        "HELLO" => "HELLO REPLY RESULT=OK VERSION=3.1",
        "SESSION" => "SESSION STATUS RESULT=OK DESTINATION=" + I2pDestination.Encode(Key()),
        "NAMING" => "NAMING REPLY RESULT=OK NAME=x VALUE=abcd",
        "STREAM" => "STREAM STATUS RESULT=OK",
        _ => null,
    };

    private static byte[] Key()
    {
        var key = new byte[391];
        key[386] = 4;
        return key;
    }
}
