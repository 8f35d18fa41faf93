using Dash.Ipc.Capabilities;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;

namespace Dash.Node.Services;

/// <summary>
/// The mempool of one moment, given to one subscriber part by part: all of it may be more than a message holds. One at a time, from
/// its first part to its last; what has left the mempool meanwhile stays in memory until its part was given, or the subscriber is
/// gone. Any thread.
/// </summary>
internal sealed class MempoolParts(MempoolGate mempool)
{
    // A cursor is the number of what was begun, and the place of the next transaction in it.
    private const int PlaceBits = 32;

    // What a transaction takes in a list beside its bytes: a pointer, and filling up to a word.
    private const int Overhead = 16;

    private readonly Lock _gate = new(); // protects the fields below
    private uint _number;
    private ulong _sequence;
    private Transaction?[] _left = []; // those that were given are null

    /// <summary>The part at a cursor, serialized, parents before children; at least one transaction, if there are any.</summary>
    /// <param name="cursor">0 for the first part of the mempool as it is now, which ends what was begun before.</param>
    /// <param name="maxBytes">About how much.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The part, the number of the last event in the mempool of that moment, and the next cursor: 0 if there is no more.</returns>
    /// <exception cref="IpcException">The cursor is none of the next part.</exception>
    public async ValueTask<(IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence, ulong Next)> NextAsync(
        ulong cursor, uint maxBytes, CancellationToken ct)
    {
        if (cursor == 0)
        {
            var (view, sequence) = await mempool.SnapshotAsync(ct);
            Transaction[] all = [.. view.ParentsFirst.Select(static entry => entry.Transaction)];
            lock (_gate)
            {
                _number++;
                _sequence = sequence;
                _left = all;
                return Take(0, maxBytes);
            }
        }

        lock (_gate)
        {
            var place = cursor & uint.MaxValue;
            if (cursor >> PlaceBits != _number || place >= (ulong)_left.Length || _left[place] is null)
            {
                throw new IpcException(IpcErrorKind.Failed, "The mempool is not read from there any more");
            }

            return Take((int)place, maxBytes);
        }
    }

    private (IReadOnlyList<ReadOnlyMemory<byte>> Result, ulong Sequence, ulong Next) Take(int place, uint maxBytes)
    {
        List<ReadOnlyMemory<byte>> part = [];
        for (var left = (long)maxBytes; place < _left.Length && (left > 0 || part.Count == 0); place++)
        {
            var bytes = _left[place]!.ToBytes(); // from here on none was given
            _left[place] = null;
            part.Add(bytes);
            left -= bytes.Length + Overhead;
        }

        if (place < _left.Length)
        {
            return (part, _sequence, ((ulong)_number << PlaceBits) | (uint)place);
        }

        _left = [];
        return (part, _sequence, 0);
    }
}
