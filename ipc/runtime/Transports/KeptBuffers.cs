using System.Buffers;

namespace Dash.Ipc.Transports;

/// <summary>
/// Buffers of one size for one reader. The runtime's pool keeps them with the thread that gave them back, and the thread that receives
/// on a connection changes whenever what it set off takes long: each new one would make its own. Any thread.
/// </summary>
/// <param name="size">Bytes of each.</param>
internal sealed class KeptBuffers(int size) : MemoryPool<byte>
{
    // One that is read into, and one before it that holds the beginning of a message.
    private const int MostKept = 2;

    private readonly Lock _gate = new(); // protects what follows
    private readonly Stack<Kept> _kept = new(MostKept);

    /// <inheritdoc/>
    public override int MaxBufferSize => size;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, size);
        lock (_gate)
        {
            return _kept.TryPop(out var kept) ? kept : new Kept(this, new byte[size]);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Memory only.
    }

    private void Return(Kept buffer)
    {
        lock (_gate)
        {
            if (_kept.Count < MostKept)
            {
                _kept.Push(buffer);
            }
        }
    }

    // Disposed again and again: once after each time it was rented.
    private sealed class Kept(KeptBuffers pool, byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose() => pool.Return(this);
    }
}
