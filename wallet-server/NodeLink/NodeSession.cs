using System.Collections.Concurrent;
using Dash.Common.Concurrency;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// One connection's life to a node: its chain, and a token that says when it has ended. Every call fails at once from then
/// on; nothing ever brings a session back. Owned by whoever connected; any thread may use it.
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private readonly IAsyncDisposable? _connection;
    private readonly ConcurrentBag<IAsyncDisposable> _owned = [];
    private PublishedNumberReader? _sequence;

    /// <summary>A session over a feed.</summary>
    /// <param name="address">Where the node is, for people.</param>
    /// <param name="feed">Its chain; disposed with the session.</param>
    /// <param name="connection">Closed with the session; null for none.</param>
    /// <param name="disconnected">Cancelled when the connection has ended.</param>
    public NodeSession(string address, IChainFeed feed, IAsyncDisposable? connection, CancellationToken disconnected)
    {
        Address = address;
        Feed = feed;
        Disconnected = disconnected;
        _connection = connection;
    }

    /// <summary>Where the node is, for people.</summary>
    public string Address { get; }

    /// <summary>The node's chain and mempool.</summary>
    public IChainFeed Feed { get; }

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Disconnected { get; }

    /// <summary>How long the node usually takes to answer, of late.</summary>
    public Func<TimeSpan> RoundTrip { get; init; } = static () => TimeSpan.Zero;

    /// <summary>There are other addresses than this node's. Said before anybody follows it.</summary>
    public bool HasOthers { get; set; }

    /// <summary>The node's version, once it has said who it is.</summary>
    public string NodeVersion { get; private set; } = "";

    /// <summary>Asks the node who it is.</summary>
    /// <param name="chain">The network it must be on.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="WrongChainException">It is on another network or chain.</exception>
    public async Task IdentifyAsync(ChainParams chain, CancellationToken ct)
    {
        var (network, genesis, _, version) = await Feed.IdentityAsync(ct).ConfigureAwait(false);
        if (network != chain.Name)
        {
            throw new WrongChainException(
                $"Node at {Address} is on network {Printable(network)}, this wallet is on {chain.Name}: waiting");
        }

        if (genesis != chain.Mark.Header.Hash)
        {
            throw new WrongChainException(
                $"Node at {Address} is on network {chain.Name} but its chain begins with {genesis}, this wallet's with "
                + $"{chain.Mark.Header.Hash}: waiting");
        }

        NodeVersion = Printable(version);
    }

    /// <summary>Looks for the file that says the node's sequence; without it the node is asked each time.</summary>
    public async Task FindSequenceAsync(CancellationToken ct)
    {
        try
        {
            var (path, word) = await Feed.SequenceFileAsync(ct).ConfigureAwait(false);
            Volatile.Write(ref _sequence, PublishedNumberReader.TryOpen(path, word.Span));
        }
        catch (IpcException e) when (e.Kind == IpcErrorKind.Unimplemented)
        {
            // A node that has none.
        }
    }

    /// <summary>Number of the node's last event, read without asking; false when only the node can say.</summary>
    public bool TryReadSequence(out ulong sequence) => TryReadSequence(stackalloc byte[PublishedNumber.NotesSize], out sequence);

    /// <summary>The same, and which transactions the last events added to the mempool.</summary>
    /// <param name="added">Takes them (<see cref="PublishedNumber.NoteOf"/>).</param>
    /// <param name="sequence">Number of the node's last event.</param>
    public bool TryReadSequence(Span<byte> added, out ulong sequence)
    {
        sequence = 0;
        return Volatile.Read(ref _sequence) is { } file && file.TryRead(added, out sequence);
    }

    /// <summary>An event of that number has come. A file that does not know of it stands still and is not read any more.</summary>
    public void CheckSequence(ulong delivered)
    {
        if (Volatile.Read(ref _sequence) is { } file && !(file.TryRead(out var said) && said >= delivered))
        {
            Volatile.Write(ref _sequence, null);
            file.Dispose();
        }
    }

    /// <summary>Number of the node's last event.</summary>
    /// <exception cref="IpcException">The node is going.</exception>
    public async ValueTask<ulong> SequenceAsync(CancellationToken ct) =>
        TryReadSequence(out var sequence) ? sequence : (await Feed.PositionAsync(ct).ConfigureAwait(false)).Sequence;

    /// <summary>The least fee rate the node relays.</summary>
    public async Task<FeeRate> MinRelayAsync(CancellationToken ct) => (await Feed.FeeQuoteAsync([], ct).ConfigureAwait(false)).MinRelay;

    /// <summary>Something of the node's that ends with the session.</summary>
    public void Own(IAsyncDisposable resource) => _owned.Add(resource);

    /// <summary>Closes the connection; what the node was asked for ends with it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The connection first: a node that hangs would never answer that it has let go of the rest.
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var resource in _owned)
        {
            await resource.DisposeAsync().ConfigureAwait(false);
        }

        await Feed.DisposeAsync().ConfigureAwait(false);
        Volatile.Read(ref _sequence)?.Dispose();
    }

    private static string Printable(string text) =>
        string.Concat(text.Take(40).Where(c => char.IsAsciiLetterOrDigit(c) || "-._ ()/".Contains(c, StringComparison.Ordinal)));
}
