using System.Diagnostics.CodeAnalysis;

namespace Dash.Node.Services;

/// <summary>
/// Keeps what is asked of another process at once within what it takes: 256 MiB of calls being executed, beyond which it ends the
/// connection (<c>IpcLimits.MaxHeldBytes</c>). Long requests wait for each other, and short ones for nobody. Any thread.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore nobody waits for by a handle holds nothing.")]
internal sealed class RequestRoom
{
    // 1000 calls of the first kind, 12 of the second and 3 of the third, which the HTTP port limits to 32 MiB: 63 + 48 + 96 MiB, and the
    // rest is for events of the chain.
    private const int Short = 1 << 16;
    private const int Middling = 4 << 20;

    private readonly SemaphoreSlim _middling = new(12);
    private readonly SemaphoreSlim _long = new(3);

    /// <summary>Waits for room; disposing the place gives it back.</summary>
    public ValueTask<Place> EnterAsync(int length, CancellationToken ct) => length <= Short
        ? default
        : EnterAsync(length <= Middling ? _middling : _long, ct);

    private static async ValueTask<Place> EnterAsync(SemaphoreSlim places, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        return new Place(places);
    }

    /// <summary>A place that is taken.</summary>
    internal readonly struct Place(SemaphoreSlim? places) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => places?.Release();
    }
}
