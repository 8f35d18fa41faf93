using System.Net;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node.Net;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Net.Sync;

/// <summary>A node that speaks to others over connections in memory.</summary>
internal sealed class NetworkNode : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public NetworkNode(params string[] options)
    {
        Node = TestNode.Open(_directory);
        Network = new PeerNetwork(
            Options.ParseCommandLine(NodeOptions.All, ["-connect=0", "-listen=0", "-discover=0", .. options]),
            _directory.Path,
            Node.Chainstate,
            Node.Validation,
            Node.Mempool,
            filters: null,
            new Scheduler(Node.Clock),
            Node.Clock,
            NullLoggerFactory.Instance);
        _running = Network.RunAsync(_stop.Token);
    }

    public TestNode Node { get; }

    public PeerNetwork Network { get; }

    public Peer Peer => Network.Peers.All.Single();

    /// <summary>Connects to another; it sees us at 127.0.0.1:1, we see it at 127.0.0.1:2.</summary>
    public async Task Connect(NetworkNode other)
    {
        var (left, right) = MemoryStreamPair.Create();
        var us = NetEndpoint.From(new IPEndPoint(IPAddress.Loopback, 1));
        var them = NetEndpoint.From(new IPEndPoint(IPAddress.Loopback, 2));
        await other.Network.Admission.AcceptAsync(right, us, them, PeerPermissions.None, isOnion: false);
        Network.Admission.Add(new DialedConnection(left, them, us), ConnectionType.Manual, name: null, useV2: false);
        await Until(() => Network.Peers.All.Any(peer => peer.IsHandshakeDone) && other.Network.Peers.All.Any(peer => peer.IsHandshakeDone), "the handshake");
    }

    public static async Task Until(Func<bool> isTrue, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "Waited in vain for " + what);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestNode.Ct);
        }
    }

    public Task Reaches(NetworkNode other) =>
        Until(() => Node.Tip.Hash == other.Node.Tip.Hash, $"the chain of {other.Node.Tip}; it is at {Node.Tip}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Node.DisposeAsync();
        _directory.Dispose();
        _stop.Dispose();
    }
}
