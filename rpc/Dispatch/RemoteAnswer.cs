using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>What another process answered to a request.</summary>
/// <param name="Status">HTTP status; null from one that does not tell it, whose answer is whole.</param>
/// <param name="Beginning">The answer's first bytes, or all of them.</param>
/// <param name="Rest">What comes after them, the receiver's to dispose; null for nothing.</param>
public readonly record struct RemoteAnswer(int? Status, ReadOnlyMemory<byte> Beginning, IReplyRest? Rest)
{
    /// <summary>Writes the answer as a whole, without the newline at its end.</summary>
    /// <exception cref="Exception">What broke the reading of the rest; what was written stays.</exception>
    public async ValueTask WriteAsync(ReplyBuffer reply, CancellationToken ct)
    {
        var mark = reply.Length;
        reply.Append(Beginning.Span);
        var last = Beginning;
        if (Rest is { } rest)
        {
            await using var disposed = rest;
            while (rest.Left > 0)
            {
                last = await rest.ReadAsync(ct);
                reply.Append(last.Span);
            }
        }

        if (reply.Length > mark && last.Span[^1] == '\n')
        {
            reply.Truncate(reply.Length - 1);
        }
    }

    /// <summary>The answer as a whole.</summary>
    public async ValueTask<byte[]> ReadAsync(CancellationToken ct)
    {
        using var reply = ReplyBuffer.Rent();
        await WriteAsync(reply, ct);
        return reply.ToArray();
    }
}
