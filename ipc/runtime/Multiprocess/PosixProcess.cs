namespace Dash.Ipc.Multiprocess;

/// <summary>A child on Linux.</summary>
internal sealed class PosixProcess(int id) : SpawnedProcess
{
    internal override int Id => id;

    internal override void WaitForEnd() => PosixSpawn.WaitForEnd(id);

    internal override ChildExit Reap() => PosixSpawn.Reap(id);

    internal override void EndNow() => PosixSpawn.EndNow(id);
}
