using System.Security.Cryptography;

namespace Dash.Primitives.Keys;

/// <summary>
/// A few bytes that nobody else should see: they stay at one place of memory, which is kept out of swap where the
/// system allows it, and are zeroed by <see cref="Dispose"/>, or at the latest when the object is collected. Immutable
/// until then; using it afterwards throws <see cref="ObjectDisposedException"/>. Any thread may use it.
/// </summary>
public sealed class SecretBytes : IDisposable
{
    private readonly LockedMemory.Slot _slot;
    private int _isReleased;

    /// <summary>Takes a copy; the caller zeroes what it gave.</summary>
    public SecretBytes(ReadOnlySpan<byte> secret)
    {
        Length = secret.Length;
        _slot = LockedMemory.Rent(secret.Length);
        secret.CopyTo(_slot.Span);
    }

    /// <summary>Zeroes what was never disposed.</summary>
    ~SecretBytes()
    {
        Release();
    }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>
    /// The bytes, valid until the secret is disposed: keep the secret alive (<see cref="GC.KeepAlive"/>) while they are
    /// in use.
    /// </summary>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isReleased) != 0, this);
            return _slot.Span[..Length];
        }
    }

    /// <summary>An array that is not moved, so that zeroing it leaves no copy behind; for a secret on its way.</summary>
    internal static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Writes the bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span.CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <summary>Whether both hold the same bytes; takes the same time for all of equal length.</summary>
    public bool FixedTimeEquals(SecretBytes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var isEqual = CryptographicOperations.FixedTimeEquals(Span, other.Span);
        GC.KeepAlive(this);
        GC.KeepAlive(other);
        return isEqual;
    }

    /// <summary>Three asterisks, so that no log ever shows a secret.</summary>
    public override string ToString() => "***";

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            LockedMemory.Return(_slot);
        }
    }
}
