using System.Net;
using System.Net.Sockets;
using Dash.Rpc.Http;

namespace Dash.Rpc.Tests.Http;

public class HeldSocketsTests
{
    private const string Title = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private static readonly IPEndPoint Client = new(IPAddress.Loopback, 0x1234);
    private static readonly IPEndPoint Server = new(IPAddress.Loopback, 0x2345);
    private static readonly IPEndPoint Stranger = new(IPAddress.Loopback, 0x3456);

    private readonly Clock _time = new();
    private readonly HeldSockets _sockets;
    private List<string> _lines = [Title, Line("0100007F:1234", "0100007F:2345", 77)];
    private int _readings;

    public HeldSocketsTests() => _sockets = new HeldSockets(
        () =>
        {
            _readings++;
            _time.Advance(TimeSpan.FromMilliseconds(1));
            return _lines;
        },
        _time);

    [Fact]
    public void All_who_ask_within_a_second_share_what_was_read()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(_sockets.Has(Client, Server));
        }

        Assert.Equal(1, _readings);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_sockets.Has(Client, Server));
        Assert.Equal(2, _readings);
    }

    [Fact]
    public void Who_is_not_in_an_old_list_is_looked_for_in_a_new_one()
    {
        Assert.True(_sockets.Has(Client, Server));
        Assert.False(_sockets.Has(Stranger, Server));
        Assert.Equal(3, _readings); // what changes while it is read may hide a line

        _lines = [Title, Line("0100007F:1234", "0100007F:2345", 77), Line("0100007F:3456", "0100007F:2345", 78)];
        Assert.True(_sockets.Has(Stranger, Server));
    }

    [Fact]
    public void What_nobody_holds_any_more_is_not_held()
    {
        Assert.True(_sockets.Has(Client, Server));
        _lines = [Title, Line("0100007F:1234", "0100007F:2345", 0)];
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_sockets.Has(Client, Server));
    }

    [Fact]
    public void An_IPv4_client_may_have_a_socket_of_IPv6()
    {
        const string mapped = "0000000000000000FFFF00000100007F";
        _lines = [Title, Line(mapped + ":1234", mapped + ":2345", 77)];
        Assert.True(_sockets.Has(Client, Server));
    }

    [Fact]
    public async Task The_machine_knows_which_connections_are_held()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        using var server = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        var (here, there) = (server.LocalEndPoint, server.RemoteEndPoint);
        Assert.True(OtherEnd.IsHeld(here, there));
        client.Dispose();
        Assert.False(new HeldSockets(() => File.ReadLines("/proc/self/net/tcp"), TimeProvider.System).Has((IPEndPoint)there!, (IPEndPoint)here!));
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }

    private static string Line(string own, string other, int inode) =>
        $"   1: {own} {other} 08 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0000000000000000 20 4 30 10 -1";
}
