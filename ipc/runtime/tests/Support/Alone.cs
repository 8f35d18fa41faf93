namespace Dash.Ipc.Tests.Support;

/// <summary>Tests that measure what the whole process has in use: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
