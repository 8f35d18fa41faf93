using Dash.Common.Logging;
using Dash.Node.Consensus;
using Dash.Node.Net.Handling;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Blocks;

/// <summary>Serves filters of blocks (BIP157), if the node said it would.</summary>
internal sealed class FilterServer(BlockSync sync, IBlockFilters? filters, ILoggerFactory logs) : MessageFamily
{
    private const int MaxFilters = 1_000;
    private const int MaxHeaders = 2_000;
    private const int CheckpointInterval = 1_000;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Net);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.GetCFilters, MessageTypes.GetCFHeaders, MessageTypes.GetCFCheckpoint];

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        var reader = message.Reader();
        var type = reader.ReadByte();
        var start = message.Type == MessageTypes.GetCFCheckpoint ? 0 : reader.ReadUInt32();
        BlockHash stop = new(reader.ReadUint256());
        var most = message.Type switch
        {
            MessageTypes.GetCFilters => MaxFilters,
            MessageTypes.GetCFHeaders => MaxHeaders,
            _ => int.MaxValue,
        };
        if (Check(peer, type, start, stop, most) is not { } last || filters is null)
        {
            return ValueTask.CompletedTask;
        }

        switch (message.Type)
        {
            case MessageTypes.GetCFilters:
                SendFilters(peer, (int)start, last, filters);
                break;
            case MessageTypes.GetCFHeaders:
                SendHeaders(peer, (int)start, last, filters);
                break;
            default:
                SendCheckpoints(peer, last, filters);
                break;
        }

        return ValueTask.CompletedTask;
    }

    // The last block asked for; null if the peer may not ask so, which ends the connection.
    private BlockNode? Check(Peer peer, byte type, uint start, BlockHash stop, int most)
    {
        if (type != BlockFilter.BasicType || !peer.OurServices.HasFlag(ServiceFlags.CompactFilters))
        {
            Log.UnsupportedFilter(_log, peer.Id, type);
            peer.Disconnect();
            return null;
        }

        if (sync.Index.Find(stop) is not { } last || !sync.MayServe(last))
        {
            Log.InvalidFilterBlock(_log, peer.Id, stop);
            peer.Disconnect();
            return null;
        }

        if (start > last.Height)
        {
            Log.InvalidFilterRange(_log, peer.Id, start, last.Height);
            peer.Disconnect();
            return null;
        }

        if (last.Height - start >= most)
        {
            Log.TooManyFilters(_log, peer.Id, last.Height - start + 1, most);
            peer.Disconnect();
            return null;
        }

        return last;
    }

    private static void SendFilters(Peer peer, int start, BlockNode last, IBlockFilters filters)
    {
        List<byte[]> messages = [];
        for (var height = start; height <= last.Height; height++)
        {
            if (filters.Find(last.Ancestor(height)!) is not { } filter) // below the last
            {
                return; // the index is not there yet
            }

            ByteWriter writer = new();
            writer.WriteByte(BlockFilter.BasicType);
            writer.WriteUint256(filter.Block.Value);
            writer.WriteVarBytes(filter.Encoded.Span);
            messages.Add(writer.ToArray());
        }

        foreach (var message in messages)
        {
            peer.Send(MessageTypes.CFilter, message);
        }
    }

    private static void SendHeaders(Peer peer, int start, BlockNode last, IBlockFilters filters)
    {
        var previous = start == 0 ? Uint256.Zero : filters.FindHeader(last.Ancestor(start - 1)!); // below the last
        if (previous is null)
        {
            return;
        }

        ByteWriter writer = new();
        writer.WriteByte(BlockFilter.BasicType);
        writer.WriteUint256(last.Hash.Value);
        writer.WriteUint256(previous.Value);
        writer.WriteCompactSize(last.Height - start + 1);
        for (var height = start; height <= last.Height; height++)
        {
            if (filters.FindHash(last.Ancestor(height)!) is not { } hash) // below the last
            {
                return;
            }

            writer.WriteUint256(hash);
        }

        peer.Send(MessageTypes.CFHeaders, writer.ToArray());
    }

    private static void SendCheckpoints(Peer peer, BlockNode last, IBlockFilters filters)
    {
        var count = last.Height / CheckpointInterval;
        ByteWriter writer = new();
        writer.WriteByte(BlockFilter.BasicType);
        writer.WriteUint256(last.Hash.Value);
        writer.WriteCompactSize(count);
        for (var i = 1; i <= count; i++)
        {
            if (filters.FindHeader(last.Ancestor(i * CheckpointInterval)!) is not { } header) // below the last
            {
                return;
            }

            writer.WriteUint256(header);
        }

        peer.Send(MessageTypes.CFCheckpoint, writer.ToArray());
    }
}
