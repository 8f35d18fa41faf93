using Dash.Ipc.Layout;

namespace Dash.Ipc.Capabilities;

/// <summary>
/// The results of a call, until disposed: readers of them and capabilities in them are good that long. A capability
/// that is
/// to live on needs a reference of its own.
/// </summary>
/// <param name="disposed">Runs once, when the response is disposed, with <paramref name="state"/>.</param>
/// <param name="state">What it is for.</param>
internal sealed class CallResponse(Action<object> disposed, object state) : IDisposable
{
    private IEnumerable<CapabilityHandle?> _capabilities = [];
    private int _disposed;

    /// <summary>The result struct, or a bootstrap's capability.</summary>
    internal PointerReader Content { get; private set; }

    /// <summary>Bytes of the message that brought it; 0 if none did.</summary>
    internal int Size { get; private set; }

    /// <summary>Begins its life, or another one.</summary>
    /// <param name="content">The result struct, or a bootstrap's capability.</param>
    /// <param name="capabilities">The table; one reference to each entry belongs to the response.</param>
    /// <param name="size">Bytes of the message that brought it; 0 if none did.</param>
    internal CallResponse Fill(PointerReader content, IEnumerable<CapabilityHandle?> capabilities, int size)
    {
        Content = content;
        _capabilities = capabilities;
        Size = size;
        Volatile.Write(ref _disposed, 0);
        return this;
    }

    /// <summary>Overwrites what was received: it held a secret, and was read.</summary>
    internal void Wipe() => Content.Wipe();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        CapabilityTable.Release(_capabilities);
        disposed(state);
    }
}
