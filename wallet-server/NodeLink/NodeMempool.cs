using Dash.Common.Time;
using Dash.Ipc.Capabilities;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The mempool of a session's node, however much it holds: part by part, so that neither a message nor this process needs room for all of
/// it. The loop's: who reads reads to the end before another begins.
/// </summary>
internal sealed class NodeMempool(NodeSession session, Clock clock)
{
    private readonly BatchSize _size = new();
    private bool _isOlder; // the node knows nothing of parts

    /// <summary>Reads all of it.</summary>
    /// <param name="take">Gets the transactions, some at a time, parents before children.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The number of the last event in it.</returns>
    public async Task<ulong> ReadAsync(Action<IReadOnlyList<Transaction>> take, CancellationToken ct)
    {
        ulong cursor = 0;
        while (!_isOlder)
        {
            try
            {
                var askedAt = clock.GetTimestamp();
                var (part, sequence, next) = await session.Feed.GetMempoolPartAsync(cursor, _size.Bytes, ct).ConfigureAwait(false);
                _size.Arrived(clock.GetElapsedTime(askedAt) - session.RoundTrip());
                Give(part, take);
                if (next == 0)
                {
                    return sequence;
                }

                cursor = part.Count > 0 ? next : throw new FeedException("the node's mempool has a part without transactions");
            }
            catch (IpcException older) when (older.Kind == IpcErrorKind.Unimplemented && cursor == 0)
            {
                _isOlder = true;
            }
        }

        var (all, last) = await session.Feed.GetMempoolAsync(ct).ConfigureAwait(false);
        Give(all, take);
        return last;
    }

    private static void Give(IReadOnlyList<ReadOnlyMemory<byte>> part, Action<IReadOnlyList<Transaction>> take) =>
        take([.. part.Select(ChainLoop.Parse)]);
}
