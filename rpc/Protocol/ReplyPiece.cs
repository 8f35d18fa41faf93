using System.Buffers;
using System.Runtime.InteropServices;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Memory for a part of a long reply, outside the managed heap: there forty megabytes of an answer would bring collections, which stop
/// all threads. It is counted who uses it; the last one gives it back. Any thread may count, one at a time writes.
/// </summary>
/// <remarks>The base class demands pointers, hence <c>unsafe</c>; each is turned into a span at once.</remarks>
internal sealed unsafe partial class ReplyPiece : MemoryManager<byte>
{
    /// <summary>The length of a piece that more is written to.</summary>
    public const int Usual = 1 << 18;

    private const int Page = 4096;

    // 2 MiB, so that replies of up to that size ask the system for nothing.
    private const int MostSpare = 8;

    private const int ReadAndWrite = 1 | 2; // PROT_READ | PROT_WRITE
    private const int PrivateAnonymous = 2 | 32; // MAP_PRIVATE | MAP_ANONYMOUS

    private static readonly Lock Gate = new(); // protects what is spare
    private static readonly Stack<ReplyPiece> Spare = new(MostSpare);

    private readonly int _length;
    private byte* _memory;
    private int _users;

    private ReplyPiece(int length)
    {
        _length = length;
        _memory = Allocate(length);
    }

    /// <summary>Its length, bytes.</summary>
    public int Length => _length;

    /// <summary>Others use it too: what it holds must not change.</summary>
    public bool IsShared => Volatile.Read(ref _users) > 1;

    /// <summary>A piece of at least this length, used once; what it holds is anything.</summary>
    public static ReplyPiece Rent(int length)
    {
        if (length > Usual)
        {
            return new ReplyPiece(length) { _users = 1 };
        }

        lock (Gate)
        {
            if (Spare.TryPop(out var spare))
            {
                spare._users = 1;
                return spare;
            }
        }

        return new ReplyPiece(Usual) { _users = 1 };
    }

    /// <summary>A piece for what is kept: no longer than it must be.</summary>
    public static ReplyPiece Copy(ReadOnlySpan<byte> bytes)
    {
        ReplyPiece piece = new(Math.Max(bytes.Length, 1)) { _users = 1 };
        bytes.CopyTo(piece.GetSpan());
        return piece;
    }

    /// <summary>One more uses it.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    /// <summary>One uses it no longer.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        if (_length == Usual)
        {
            lock (Gate)
            {
                if (Spare.Count < MostSpare)
                {
                    Spare.Push(this);
                    return;
                }
            }
        }

        ((IDisposable)this).Dispose();
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_memory, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_memory + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It never moves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_memory is not null)
        {
            Free(_memory, _length);
            _memory = null;
        }
    }

    // Straight from the system and back: the allocator of the C library would keep most of it.
    private static byte* Allocate(int length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (byte*)NativeMemory.Alloc((nuint)length);
        }

        var memory = Map(null, RoundUp(length), ReadAndWrite, PrivateAnonymous, -1, 0);
        return memory != (void*)-1 ? (byte*)memory : throw new InsufficientMemoryException("No memory for a reply");
    }

    private static void Free(byte* memory, int length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Unmap(memory, RoundUp(length));
        }
        else
        {
            NativeMemory.Free(memory);
        }
    }

    private static nuint RoundUp(int length) => ((nuint)length + Page - 1) & ~(nuint)(Page - 1);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
