namespace Dash.Ipc.Multiprocess;

/// <summary>A process of this one, as its system knows it.</summary>
internal abstract class SpawnedProcess
{
    /// <summary>Its number.</summary>
    internal abstract int Id { get; }

    /// <summary>Waits until it has ended, and leaves its number taken; blocks its thread.</summary>
    internal abstract void WaitForEnd();

    /// <summary>Takes note of its end: its number is free then. Exactly once, after <see cref="WaitForEnd"/>.</summary>
    internal abstract ChildExit Reap();

    /// <summary>Ends it. Only before <see cref="Reap"/>.</summary>
    internal abstract void EndNow();
}
