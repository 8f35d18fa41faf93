using Dash.Ipc.Layout;

namespace Dash.Ipc.Capabilities;

/// <summary>
/// Something that can be called, here or in another process. Shared by counted references: whoever was given one
/// releases
/// it, and the last one out lets the object go, in the other process too.
/// </summary>
/// <remarks>Any thread may use it. A new capability has one reference, its creator's.</remarks>
public abstract class Capability : CapabilityHandle
{
    private int _references = 1;

    /// <summary>Only this assembly knows all kinds of capabilities.</summary>
    private protected Capability()
    {
    }

    /// <summary>What this is now: the end of the chain of promises that were kept, or this itself.</summary>
    internal Capability Resolution
    {
        get
        {
            // A loop, not recursion: a peer may make such chains as long as it likes.
            var current = this;
            while (current.Next is { } next)
            {
                current = next;
            }

            return current;
        }
    }

    /// <summary>What this promise became; null while it is open, and for what is no promise.</summary>
    internal virtual Capability? Next => null;

    /// <summary>Completes when this promise is kept or broken; already complete for what is no promise.</summary>
    internal virtual Task WhenResolved => Task.CompletedTask;

    /// <summary>References held; for tests.</summary>
    internal int References => Volatile.Read(ref _references);

    /// <summary>One more reference, which the caller must release.</summary>
    /// <exception cref="ObjectDisposedException">The last reference was released already.</exception>
    public Capability AddReference() => TryAddReference() ? this : throw new ObjectDisposedException(GetType().Name);

    /// <summary>Gives a reference back. Neither blocks nor throws.</summary>
    public void Release()
    {
        // A loop, not recursion: a chain of promises goes link by link, however long a peer made it.
        for (var current = this; current is not null;)
        {
            var left = Interlocked.Decrement(ref current._references);
            if (left < 0)
            {
                throw new InvalidOperationException("A capability was released more often than it was referenced.");
            }

            current = left == 0 ? current.OnUnreferenced() : null;
        }
    }

    /// <summary>One more reference, unless the last was released.</summary>
    internal bool TryAddReference()
    {
        var seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Starts a call from this process. The call belongs to the callee from here on. Never blocks.</summary>
    internal abstract PendingCall Send(OutgoingCall call);

    /// <summary>
    /// Accepts a call. Calls are delivered in the order they must take effect; this returns at once, and the call is
    /// completed whenever it is. User code doesn't run in here.
    /// </summary>
    internal abstract void Deliver(CallContext call);

    /// <summary>The last reference went.</summary>
    /// <returns>What this was a promise of, whose reference the caller releases; or null.</returns>
    private protected abstract Capability? OnUnreferenced();
}
