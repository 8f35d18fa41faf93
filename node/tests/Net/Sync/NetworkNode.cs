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
    // Tests move the clock by hours at once: whoever is not heard in that moment is not silent.
    private const string NeverSilent = "-peertimeout=1000000";

    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Task _scheduling;

    public NetworkNode(params string[] options)
        : this("-connect=0", options)
    {
    }

    private NetworkNode(string connect, string[] options)
    {
        Node = TestNode.Open(_directory);
        Scheduler = new Scheduler(Node.Clock);
        Network = new PeerNetwork(
            Options.ParseCommandLine(NodeOptions.All, [connect, "-listen=0", "-discover=0", NeverSilent, .. options]),
            _directory.Path,
            Node.Chainstate,
            Node.Validation,
            Node.Mempool,
            filters: null,
            Scheduler,
            Node.Clock,
            NullLoggerFactory.Instance);
        _running = Network.RunAsync(_stop.Token);
        _scheduling = Scheduler.RunAsync(_stop.Token);
    }

    /// <summary>One that looks for peers by itself, and knows of none.</summary>
    public static NetworkNode Searching(params string[] options) => new("-dnsseed=0", ["-fixedseeds=0", .. options]);

    public TestNode Node { get; }

    public PeerNetwork Network { get; }

    public Scheduler Scheduler { get; }

    public Peer Peer => Network.Peers.All.Single();

    /// <summary>Connects to another; it sees us at 127.0.0.1:1, we see it at 127.0.0.1:2.</summary>
    /// <param name="other">The other.</param>
    /// <param name="type">Why we do.</param>
    /// <param name="wrap">What our end reads through; null for nothing.</param>
    public async Task Connect(NetworkNode other, ConnectionType type = ConnectionType.Manual, Func<Stream, Stream>? wrap = null)
    {
        var (left, right) = MemoryStreamPair.Create();
        left = wrap?.Invoke(left) ?? left;
        var us = NetEndpoint.From(new IPEndPoint(IPAddress.Loopback, 1));
        var before = (Done(this), Done(other));
        var them = NetEndpoint.From(new IPEndPoint(IPAddress.Loopback, 2));
        await other.Network.Admission.AcceptAsync(right, us, them, PeerPermissions.None, isOnion: false);
        Network.Admission.Add(new DialedConnection(left, them, us), type, name: null, useV2: false);
        await Until(() => Done(this) > before.Item1 && Done(other) > before.Item2, "the handshake");

        static int Done(NetworkNode node) => node.Network.Peers.All.Count(static peer => peer.IsHandshakeDone);
    }

    /// <summary>Lets the node look at its tip and its peers, and waits until it has.</summary>
    public async Task Look()
    {
        Scheduler.Advance(TimeSpan.FromSeconds(45));
        await Until(() => Scheduler.Waiting.Any(static work => work.Name == "extra peers" && work.DueIn > TimeSpan.Zero), "the scheduler");
        var turns = Network.Messages.Turns;
        Network.Messages.Wake();
        await Until(() => Network.Messages.Turns > turns + 1, "two rounds over all peers");
    }

    public static async Task Until(Func<bool> isTrue, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "Waited in vain for " + what);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestNode.Ct);
        }
    }

    public Task Reaches(NetworkNode other) =>
        Until(() => Node.Tip.Hash == other.Node.Tip.Hash, $"the chain of {other.Node.Tip}; it is at {Node.Tip}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _scheduling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Node.DisposeAsync();
        _directory.Dispose();
        _stop.Dispose();
    }
}
