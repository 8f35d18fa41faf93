using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dash.Primitives.Keys;

/// <summary>
/// Small pieces of memory for secrets, cut from pinned arrays that are locked into RAM as long as the process lives.
/// Pages are locked once and never unlocked, because neighbours share them. Where the system refuses (its limit is
/// reached, or it has no such call) the memory is used all the same: it is pinned and wiped, only not locked.
/// </summary>
internal static partial class LockedMemory
{
    // 512 secrets of 32 bytes an array; a system's usual limit is 8 MiB of locked memory.
    private const int ArraySize = 16 * 1024;
    private const int SmallestSlot = 32;
    private const int LargestSlot = 1024;

    // Guards the lists of free slots, one for each power of two, and the sums.
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, Stack<Slot>> Free = [];
    private static long _lockedBytes;
    private static long _totalBytes;
    private static long _usedBytes;
    private static int _usedSlots;

    /// <summary>Bytes the system agreed to lock, for diagnostics.</summary>
    public static long LockedBytes => Interlocked.Read(ref _lockedBytes);

    /// <summary>How much there is and is taken, for diagnostics.</summary>
    public static LockedMemoryStatistics Statistics
    {
        get
        {
            lock (Gate)
            {
                return new LockedMemoryStatistics(
                    _usedBytes, _totalBytes - _usedBytes, _totalBytes, LockedBytes, _usedSlots, Free.Values.Sum(static slots => slots.Count));
            }
        }
    }

    /// <summary>Zeroed memory of at least <paramref name="length"/> bytes.</summary>
    public static Slot Rent(int length)
    {
        var size = SmallestSlot;
        while (size < length)
        {
            size *= 2;
        }

        if (size > LargestSlot)
        {
            lock (Gate)
            {
                var array = Allocate(length, out var isLocked);
                return Count(new Slot(array, 0, length, isLocked));
            }
        }

        lock (Gate)
        {
            if (!Free.TryGetValue(size, out var slots))
            {
                Free.Add(size, slots = new Stack<Slot>());
            }

            if (slots.Count == 0)
            {
                var array = Allocate(ArraySize, out var isLocked);
                for (var offset = ArraySize - size; offset >= 0; offset -= size)
                {
                    slots.Push(new Slot(array, offset, size, isLocked));
                }
            }

            return Count(slots.Pop());
        }
    }

    /// <summary>Zeroes memory and takes it back; nobody may use it any more.</summary>
    public static void Return(Slot slot)
    {
        CryptographicOperations.ZeroMemory(slot.Span);
        lock (Gate)
        {
            _usedBytes -= slot.Length;
            _usedSlots--;
            if (slot.Length > LargestSlot)
            {
                // An array of its own goes back to the system; what was locked of it no longer counts.
                _totalBytes -= slot.Length;
                Interlocked.Add(ref _lockedBytes, slot.IsLocked ? -slot.Length : 0);
                return;
            }

            Free[slot.Length].Push(slot);
        }
    }

    private static Slot Count(Slot slot)
    {
        _usedBytes += slot.Length;
        _usedSlots++;
        return slot;
    }

    private static byte[] Allocate(int size, out bool isLocked)
    {
        var array = GC.AllocateArray<byte>(size, pinned: true);
        _totalBytes += size;
        isLocked = TryLock(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), (nuint)size);
        if (isLocked)
        {
            Interlocked.Add(ref _lockedBytes, size);
        }

        return array;
    }

    private static bool TryLock(nint address, nuint length)
    {
        try
        {
            return OperatingSystem.IsWindows() ? VirtualLock(address, length) != 0 : Mlock(address, length) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mlock")]
    private static partial int Mlock(nint address, nuint length);

    [LibraryImport("kernel32", EntryPoint = "VirtualLock")]
    private static partial int VirtualLock(nint address, nuint length);

    /// <summary>A piece of a pinned array.</summary>
    internal readonly record struct Slot(byte[] Array, int Offset, int Length, bool IsLocked)
    {
        public Span<byte> Span => Array.AsSpan(Offset, Length);
    }
}
