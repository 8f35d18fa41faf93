using System.Collections.Concurrent;
using Dash.Common.Hosting;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>How the posting of events goes. Any thread.</summary>
internal sealed class WebhookCounts
{
    private readonly ConcurrentDictionary<(WebhookTarget Target, string Wallet), State> _states = new();

    /// <summary>A receiver has taken an event.</summary>
    /// <returns>True if the one before was not taken at once.</returns>
    public bool Taken(WebhookTarget target, string wallet, long sequence)
    {
        var state = StateOf(target, wallet);
        Interlocked.Increment(ref state.Delivered);
        Volatile.Write(ref state.Last, sequence);
        return Interlocked.Exchange(ref state.Trouble, null) is not null;
    }

    /// <summary>A try failed.</summary>
    /// <returns>True if it is the first after a success.</returns>
    public bool Failed(WebhookTarget target, string wallet, string reason)
    {
        var state = StateOf(target, wallet);
        Interlocked.Increment(ref state.Failures);
        return Interlocked.Exchange(ref state.Trouble, reason) is null;
    }

    /// <summary>What fails at present for some wallets, in a line each.</summary>
    public IReadOnlyList<string> Troubles(IReadOnlyList<Wallet> wallets) =>
    [
        .. from pair in _states
           let trouble = Volatile.Read(ref pair.Value.Trouble)
           where trouble is not null && wallets.Any(wallet => wallet.Name == pair.Key.Wallet)
           orderby pair.Key.Target.Number
           select $"webhook {pair.Key.Target} for wallet \"{pair.Key.Wallet}\": {trouble}",
    ];

    /// <summary>Writes the numbers of some wallets.</summary>
    public void Write(MetricsText text, IReadOnlyList<WebhookTarget> targets, IReadOnlyList<Wallet> wallets)
    {
        Each("dash_wallet_webhook_behind", "gauge", "Events that a receiver has not taken yet.",
            static (target, wallet, state) => BehindOf(target, wallet.Snapshot, Volatile.Read(ref state.Last)));
        Each("dash_wallet_webhook_delivered_total", "counter", "Events that a receiver has taken.",
            static (_, _, state) => Interlocked.Read(ref state.Delivered));
        Each("dash_wallet_webhook_failures_total", "counter", "Tries that failed.", static (_, _, state) => Interlocked.Read(ref state.Failures));
        Each("dash_wallet_webhook_failing", "gauge", "1 while the last try failed.",
            static (_, _, state) => Volatile.Read(ref state.Trouble) is null ? 0 : 1);

        void Each(string name, string type, string help, Func<WebhookTarget, Wallet, State, double> number)
        {
            text.Family(name, type, help);
            foreach (var target in targets)
            {
                foreach (var wallet in wallets)
                {
                    text.Sample(name, number(target, wallet, StateOf(target, wallet.Name)), ("target", target.ToString()), ("wallet", wallet.Name));
                }
            }
        }
    }

    // The file's place is a second old at most, and is all there is until the first event is taken.
    private static long BehindOf(WebhookTarget target, WalletSnapshot now, long last)
    {
        var newest = now.NextEvent - 1;
        return newest - Math.Min(newest, Math.Max(last, now.Followed.GetValueOrDefault(target.PlaceName, newest)));
    }

    private State StateOf(WebhookTarget target, string wallet) => _states.GetOrAdd((target, wallet), static _ => new State());

    private sealed class State
    {
        public long Delivered;
        public long Failures;
        public long Last;
        public string? Trouble;
    }
}
