using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>The rescans that are under way, one a wallet at most. Any thread.</summary>
internal sealed class Rescans(TimeProvider time)
{
    private readonly Lock _gate = new(); // protects the list
    private readonly List<Rescan> _list = [];

    /// <summary>Puts one in.</summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="job">What is to be done.</param>
    /// <exception cref="WalletException">The wallet is being rescanned already.</exception>
    public Rescan Add(Wallet wallet, WalletJob job)
    {
        lock (_gate)
        {
            if (_list.Exists(other => other.Wallet == wallet))
            {
                throw new WalletException(
                    WalletError.Wallet, "Wallet is currently rescanning. Abort existing rescan or wait.");
            }

            var rescan = new Rescan(wallet, job.StartHeight, job.StopHeight, job.Reached, time)
            {
                JobId = job.Id,
                Since = job.Since,
            };
            _list.Add(rescan);
            return rescan;
        }
    }

    /// <summary>That of a wallet, or null.</summary>
    public Rescan? Of(Wallet wallet)
    {
        lock (_gate)
        {
            return _list.Find(rescan => rescan.Wallet == wallet);
        }
    }

    /// <summary>The one whose turn it is, among those that pass the test; they take turns.</summary>
    public Rescan? Next(Func<Rescan, bool> isReady)
    {
        lock (_gate)
        {
            var next = _list.Find(rescan => isReady(rescan));
            if (next is not null)
            {
                _list.Remove(next);
                _list.Add(next);
            }

            return next;
        }
    }

    /// <summary>Takes one out that has ended.</summary>
    public void Remove(Rescan rescan)
    {
        lock (_gate)
        {
            _list.Remove(rescan);
        }
    }
}
