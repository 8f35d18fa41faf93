namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// How points of BLS12-381 are written and messages are mapped to the curve. Dash began with the legacy scheme and
/// went over to the basic one with V19.
/// </summary>
public enum BlsScheme
{
    /// <summary>
    /// x big-endian, the halves of a signature's x in the order c0, c1; the top bit of the first byte is the sign of y.
    /// </summary>
    Legacy,

    /// <summary>
    /// The form of the IETF draft: c1 before c0; the top bits of the first byte are 1 (compressed), 0 (not infinity)
    /// and the sign of y.
    /// </summary>
    Basic,
}
