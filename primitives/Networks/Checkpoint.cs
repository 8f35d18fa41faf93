using Dash.Primitives.Blocks;

namespace Dash.Primitives.Networks;

/// <summary>A block everybody agrees on; a header chain that forks off below it is refused.</summary>
public readonly record struct Checkpoint(int Height, BlockHash Hash);
