using System.Buffers;

namespace Dash.Ipc.Transports;

/// <summary>
/// Buffers of one size for one reader. The runtime's pool keeps them with the thread that gave them back, and the thread that receives
/// on a connection changes whenever what it set off takes long: each new one would make its own. So the few that are always needed are kept
/// here, and only what a long message takes beyond them comes from the pool. Any thread.
/// </summary>
/// <param name="size">Bytes of each.</param>
/// <param name="more">Where the others come from and go to.</param>
internal sealed class KeptBuffers(int size, ArrayPool<byte> more) : MemoryPool<byte>
{
    // One that is read into, and one before it that holds the beginning of a message.
    private const int MostKept = 2;

    private readonly Lock _gate = new(); // protects what follows
    private readonly Stack<Kept> _kept = new(MostKept);
    private int _made;

    /// <summary>Buffers of so many bytes each.</summary>
    public KeptBuffers(int size) : this(size, ArrayPool<byte>.Shared)
    {
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => size;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, size);
        lock (_gate)
        {
            if (_kept.TryPop(out var kept))
            {
                return kept;
            }

            if (_made < MostKept)
            {
                _made++;
                return new Kept(this, new byte[size]);
            }
        }

        return new Borrowed(more, size);
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
            _kept.Push(buffer);
        }
    }

    // Disposed again and again: once after each time it was rented.
    private sealed class Kept(KeptBuffers pool, byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose() => pool.Return(this);
    }

    // Rented once. The pool is everybody's: what went back twice would be given to two.
    private sealed class Borrowed(ArrayPool<byte> pool, int size) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = pool.Rent(size);

        public Memory<byte> Memory => (_bytes ?? throw new ObjectDisposedException(nameof(Borrowed))).AsMemory(0, size);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                pool.Return(bytes);
            }
        }
    }
}
