namespace Dash.WalletServer.Keys;

/// <summary>
/// Derives keys that the writer will need, on the threads of those who ask for addresses: each new one widens its keychain by an index,
/// and all of them would wait for the writer, which derived one after the other. One of a wallet; any thread.
/// </summary>
internal sealed class KeysAhead
{
    /// <summary>So many ahead of what is watched at most, about as many as ask at a time: who is farther begins anew.</summary>
    public const int Most = 64;

    private int _latest = -1;

    /// <summary>Derives the key of an index that a keychain will be widened to, if nobody has, and if it takes no secret.</summary>
    public void Derive(Keychain keychain)
    {
        if (keychain.IsRanged)
        {
            keychain.Foresee(Next(keychain.RangeEnd));
        }
    }

    /// <summary>An index for the caller alone, of those behind the end of what is watched; anew from there where it is too far.</summary>
    internal int Next(int end)
    {
        while (true)
        {
            var latest = Volatile.Read(ref _latest);
            var next = latest + 1 is var after && after >= end && after < end + Most ? after : end;
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest)
            {
                return next;
            }
        }
    }
}
