using System.Collections.Concurrent;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// What single scripts have received, as it was read last, while the wallet is as it was: shops ask for the same addresses again and
/// again, and a question to SQLite takes longer than the rest of the answer. Any thread.
/// </summary>
internal sealed class KnownReceipts
{
    // Some hundred kilobytes at most.
    private const int MostScripts = 256;
    private const int MostRows = 16;

    private State? _state;

    /// <summary>The rows of a script, from memory or read.</summary>
    /// <param name="snapshot">The state that is asked.</param>
    /// <param name="script">The script.</param>
    /// <param name="read">Reads them in that state.</param>
    public IReadOnlyList<ReceivedRow> Of(WalletSnapshot snapshot, Script script, Func<IEnumerable<ReceivedRow>> read)
    {
        var state = Volatile.Read(ref _state);
        if (state?.Sequence != snapshot.Sequence)
        {
            state = new State(snapshot.Sequence);
            Volatile.Write(ref _state, state);
        }

        if (state.Rows.TryGetValue(script, out var known))
        {
            return known;
        }

        ReceivedRow[] rows = [.. read()];
        if (rows.Length <= MostRows && Interlocked.Increment(ref state.Count) <= MostScripts)
        {
            state.Rows[script] = rows;
        }

        return rows;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Volatile.Write(ref _state, null);

    private sealed class State(ulong sequence)
    {
        public int Count; // also of those that two threads read at once

        public ulong Sequence { get; } = sequence;

        public ConcurrentDictionary<Script, ReceivedRow[]> Rows { get; } = new(concurrencyLevel: 2, capacity: 31);
    }
}
