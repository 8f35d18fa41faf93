using Dash.Common.Concurrency;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;

namespace Dash.Node.Chain;

/// <summary>
/// Tells what happens to chain and mempool, numbered in one order. Published by the validation loop only; read from any
/// thread. A slow reader is told that it lagged and pulls what it missed.
/// </summary>
internal sealed class ChainEvents
{
    // Blocks are held while they are in the ring: 1,000 events are at most a few megabytes on a busy chain.
    private const int Capacity = 1_000;

    private readonly EventStream<ChainEvent> _stream = new(Capacity);
    private ChainPosition _position;
    private PublishedNumber? _published;

    /// <summary>Events of a chain that starts as <paramref name="view"/>.</summary>
    public ChainEvents(ChainView view)
    {
        _position = new ChainPosition(0, view);
    }

    /// <summary>The newest event and the chain after it, as one.</summary>
    public ChainPosition Position => Volatile.Read(ref _position);

    /// <summary>
    /// Where other processes read the number of the newest event, with the txid of the transaction as its note if it brought one to the mempool;
    /// while it is null they have to ask. Set before there are any.
    /// </summary>
    public PublishedNumber? Published
    {
        get => _published;
        set
        {
            _published = value;
            value?.Say(Position.Sequence);
        }
    }

    /// <summary>
    /// Called by the validation loop with each new block on top of the tip, once it is stored and before it is connected; not while the
    /// chain is far from the present. Must return at once. Set before the loop runs.
    /// </summary>
    public Action<BlockNode, Block>? TipExtending { get; set; }

    /// <summary>A reader of everything after this moment.</summary>
    public EventStream<ChainEvent>.Reader Subscribe() => _stream.Subscribe();

    /// <summary>The same, for a reader who does not wait for events.</summary>
    /// <param name="told">Called for each event by the validation loop: must return at once.</param>
    public EventStream<ChainEvent>.Reader Subscribe(Action told) => _stream.Subscribe(told);

    /// <summary>Tells an event that leaves the chain as it is.</summary>
    public void Publish(ChainEvent news) => Publish(news, Position.View);

    /// <summary>
    /// Tells an event after which the chain is <paramref name="view"/>. The position changes before readers hear of it,
    /// so whoever hears of an event and asks for the position gets that event or a later one; the published number changes
    /// before that, so whoever sees what an event did and reads the number waits for the event.
    /// </summary>
    public void Publish(ChainEvent news, ChainView view)
    {
        var next = _position.Sequence + 1;
        Span<byte> added = stackalloc byte[PublishedNumber.NoteSize];
        added.Clear();
        (news as ChainEvent.TransactionAdded)?.Transaction.Txid.Value.CopyTo(added);
        _published?.Say(next, added);
        Volatile.Write(ref _position, new ChainPosition(next, view));
        _stream.Publish(news);
    }

    /// <summary>Changes the chain without telling: while loading, when nobody listens yet.</summary>
    public void Restart(ChainView view) => Volatile.Write(ref _position, _position with { View = view });

    /// <summary>No more events: readers come to an end.</summary>
    public void Complete() => _stream.Complete();
}
