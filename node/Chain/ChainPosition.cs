namespace Dash.Node.Chain;

/// <summary>The newest event and the chain as it is after it.</summary>
/// <param name="Sequence">Number of the event; a reader that has seen it has seen all that led here.</param>
/// <param name="View">The active chain.</param>
internal sealed record ChainPosition(ulong Sequence, ChainView View);
