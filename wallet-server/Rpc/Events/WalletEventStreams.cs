using System.Runtime.CompilerServices;
using Dash.Rpc.Http;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>The event logs of loaded wallets, for clients that follow them over HTTP.</summary>
internal sealed class WalletEventStreams(WalletDirectory wallets) : IEventStreams
{
    private const int Portion = 500;

    /// <inheritdoc/>
    public string Method => WaitForWalletEvent.Method.Name;

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamEvent>? Follow(string wallet, long since, CancellationToken ct) =>
        wallets.Find(wallet) is { } found ? FollowAsync(found, since, ct) : null;

    // Ends when the wallet is unloaded.
    private static async IAsyncEnumerable<StreamEvent> FollowAsync(
        Wallet wallet, long since, [EnumeratorCancellation] CancellationToken ct)
    {
        // Whoever was told more had another copy of the wallet: he is told, and misses nothing of what happens from here on.
        var newest = wallet.Snapshot.NextEvent - 1;
        if (since > newest)
        {
            since = newest;
            yield return new StreamEvent(newest, "restored", $"{{\"newest\":{newest}}}");
        }

        while (true)
        {
            var next = wallet.NextEvent;
            EventPage page;
            try
            {
                page = wallet.EventsSince(since, Portion);
            }
            catch (WalletException gone) when (gone.Error == WalletError.NotFound)
            {
                yield break;
            }

            if (page.Oldest > since + 1 && page.Lines.Count > 0)
            {
                yield return new StreamEvent(page.Oldest - 1, "forgotten", $"{{\"oldest\":{page.Oldest}}}");
            }

            foreach (var line in page.Lines)
            {
                yield return new StreamEvent(line.Sequence, EventJson.NameOf(line.Kind), EventJson.ToText(line));
                since = line.Sequence;
            }

            if (page.Lines.Count == 0)
            {
                await next.WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }
}
