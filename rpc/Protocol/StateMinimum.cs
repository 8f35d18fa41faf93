namespace Dash.Rpc.Protocol;

/// <summary>What a wallet must have seen before a request is begun.</summary>
/// <param name="Height">A block of this height, or null.</param>
/// <param name="Sequence">The line of its event log with this number, or null.</param>
public readonly record struct StateMinimum(int? Height, long? Sequence)
{
    /// <summary>Both what this asks for and what another one does.</summary>
    public StateMinimum And(StateMinimum? other) => other is { } more
        ? new(Later(Height, more.Height), Later(Sequence, more.Sequence))
        : this;

    private static T? Later<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is { } a && other is { } b ? (a.CompareTo(b) >= 0 ? a : b) : one ?? other;
}
