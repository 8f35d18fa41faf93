using System.Collections.Immutable;
using System.Globalization;

namespace Dash.Primitives.Descriptors;

/// <summary>
/// Where a key comes from: the fingerprint of the key it starts at (big-endian, as BIP32 writes it) and the steps
/// from there.
/// </summary>
public sealed record KeyOrigin(uint Fingerprint, ImmutableArray<uint> Path)
{
    /// <summary>The fingerprint as eight hex digits.</summary>
    public string FingerprintHex => Fingerprint.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The steps as <c>m/44'/1'/0'/0/5</c>, the form of <c>hdkeypath</c>.</summary>
    public string PathText => "m" + KeyPath.Format(Path.AsSpan());

    /// <inheritdoc/>
    public bool Equals(KeyOrigin? other) =>
        other is not null && Fingerprint == other.Fingerprint && Path.AsSpan().SequenceEqual(other.Path.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Fingerprint, Path.Length, Path.IsEmpty ? 0 : Path[^1]);

    /// <summary>Fingerprint and steps as within the brackets of a descriptor: <c>d34db33f/44'/1'</c>.</summary>
    public override string ToString() => FingerprintHex + KeyPath.Format(Path.AsSpan());
}
