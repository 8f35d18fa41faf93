namespace Dash.Node.Net.Proxies;

/// <summary>A connection to a SAM bridge while lines are spoken on it; afterwards it may become a stream of a peer.</summary>
internal sealed class SamLine(Stream stream) : IAsyncDisposable
{
    private const int MaxLine = 65536;

    /// <summary>The bytes behind the last line that was read.</summary>
    public Stream Stream => stream;

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="request">The line to send.</param>
    /// <param name="shown">What errors may show of it: keys are left out.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<SamReply> AskAsync(string request, string shown, CancellationToken ct)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request + "\n"), ct).ConfigureAwait(false);
        return new SamReply(shown, await ReadAsync(ct).ConfigureAwait(false));
    }

    /// <summary>Reads a line, and nothing of what is behind it.</summary>
    /// <exception cref="InvalidDataException">It has no end.</exception>
    /// <exception cref="EndOfStreamException">The bridge hung up.</exception>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        // Byte for byte: what follows the line belongs to the peer.
        List<byte> line = [];
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, ct).ConfigureAwait(false);
            if (next[0] == (byte)'\n')
            {
                return System.Text.Encoding.ASCII.GetString([.. line]);
            }

            line.Add(next[0]);
            if (line.Count >= MaxLine)
            {
                throw new InvalidDataException($"Received too many bytes without a terminator ({MaxLine})");
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
