namespace Dash.WalletServer.Keys;

/// <summary>
/// An extended public key that a descriptor cannot derive without a secret, kept so that it never has to: of which key
/// expression, for which index (null: for all), and its 74 bytes.
/// </summary>
internal sealed class CachedXpub(uint expression, uint? index, bool isLastHardened, byte[] bytes) : IEquatable<CachedXpub>
{
    /// <summary>Place of the key expression in the descriptor.</summary>
    public uint Expression { get; } = expression;

    /// <summary>The index it was derived for, where the last step is hardened.</summary>
    public uint? Index { get; } = index;

    /// <summary>The key after the last hardened step, for the normalised text.</summary>
    public bool IsLastHardened { get; } = isLastHardened;

    /// <summary>Depth, fingerprint, child, chain code, public key.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>The record's value: the bytes with their length in front.</summary>
    public byte[] Value() => [(byte)Bytes.Length, .. Bytes.Span];

    /// <inheritdoc/>
    public bool Equals(CachedXpub? other) =>
        other is not null && Expression == other.Expression && Index == other.Index
        && IsLastHardened == other.IsLastHardened && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CachedXpub);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Expression, Index, IsLastHardened);
}
