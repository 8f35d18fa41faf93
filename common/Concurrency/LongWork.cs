namespace Dash.Common.Concurrency;

/// <summary>A piece of work of a thread that may be long (<see cref="ThreadTurns.BeginWork"/>). Disposed on that thread.</summary>
public readonly ref struct LongWork
{
    private readonly bool _isOwn;

    internal LongWork(bool isOwn) => _isOwn = isOwn;

    /// <summary>The thread has the turns again that it had.</summary>
    public void Dispose()
    {
        if (_isOwn)
        {
            ThreadTurns.EndWork();
        }
    }
}
