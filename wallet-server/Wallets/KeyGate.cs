namespace Dash.WalletServer.Wallets;

/// <summary>Lets one caller through at a time for each name; the others wait their turn, or go without. Any thread.</summary>
internal sealed class KeyGate
{
    private readonly Lock _gate = new(); // protects the dictionary
    private readonly Dictionary<string, (SemaphoreSlim Turn, int Users)> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing what comes back ends it.</summary>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken ct)
    {
        SemaphoreSlim turn;
        lock (_gate)
        {
            var (known, users) = _turns.TryGetValue(key, out var found) ? found : (new SemaphoreSlim(1), 0);
            turn = known;
            _turns[key] = (known, users + 1);
        }

        try
        {
            await turn.WaitAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            Leave(key);
            throw;
        }

        return new Turn(this, key, turn);
    }

    /// <summary>The turn if nobody has it or waits for it, else null; disposing what comes back ends it.</summary>
    public IDisposable? TryEnter(string key)
    {
        lock (_gate)
        {
            SemaphoreSlim turn = new(0);
            return _turns.TryAdd(key, (turn, 1)) ? new Turn(this, key, turn) : null;
        }
    }

    private void Leave(string key)
    {
        lock (_gate)
        {
            var (turn, users) = _turns[key];
            if (users > 1)
            {
                _turns[key] = (turn, users - 1);
                return;
            }

            _turns.Remove(key);
            turn.Dispose();
        }
    }

    private sealed class Turn(KeyGate owner, string key, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            turn.Release();
            owner.Leave(key);
        }
    }
}
