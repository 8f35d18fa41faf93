using System.Diagnostics.CodeAnalysis;
using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// The call that the current code executes for a peer. Calls it makes back over the same connection belong to the same
/// logical thread: they name the thread that waits at the other side, so that one stack spans both processes.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
internal sealed class CallScope(ProxyConnection connection, Capability? callbackThread, ThreadCapability ownThread)
{
    private static readonly AsyncLocal<CallScope?> Ambient = new();

    // Callbacks of one call go one after another: older peers don't survive two at once on one thread.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile bool _ended; // set under the gate

    /// <summary>The call of this asynchronous flow, if it is still being executed.</summary>
    internal static CallScope? Current => Ambient.Value is { _ended: false } scope ? scope : null;

    internal ProxyConnection Connection => connection;

    /// <summary>The peer's thread that waits for this call; null if the peer named none.</summary>
    internal Capability? CallbackThread => callbackThread;

    /// <summary>What a callback of ours names for callbacks in turn.</summary>
    internal ThreadCapability OwnThread => ownThread;

    internal void Enter() => Ambient.Value = this;

    /// <summary>Work that the call started and left behind is on its own from here.</summary>
    internal void End()
    {
        lock (Gate)
        {
            _ended = true;
        }
    }

    /// <summary>
    /// Held while a callback is sent, so that it leaves before the answer of the call: only that long the peer's thread waits
    /// for it, and only that long <see cref="CallbackThread"/> is ours.
    /// </summary>
    internal Lock Gate { get; } = new();

    /// <summary>Is the call still being executed? Under the gate it stays so.</summary>
    internal bool IsRunning => !_ended;

    internal Task WaitForTurnAsync(CancellationToken ct) => _oneAtATime.WaitAsync(ct);

    internal void EndTurn() => _oneAtATime.Release();
}
