using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The wallets that the node which is followed has not served yet, since it lacks their blocks or is on another chain. A node that has
/// served a wallet is its node to the end of the session, whatever it does to its chain. The loop writes, one waits.
/// </summary>
internal sealed class UnservedWallets
{
    private readonly Lock _gate = new(); // protects all below
    private readonly HashSet<Wallet> _wallets = [];
    private TaskCompletionSource _turned = NewTurn();

    /// <summary>The wallet waits for the node, which lacks its last block.</summary>
    public void Add(Wallet wallet) => Change(() => _wallets.Add(wallet));

    /// <summary>The node has its last block, or nobody asks for it any more.</summary>
    public void Remove(Wallet wallet) => Change(() => _wallets.Remove(wallet));

    /// <summary>There is another session, or none.</summary>
    public void Clear() => Change(_wallets.Clear);

    /// <summary>Returns when there are some, or none.</summary>
    public async Task UntilAsync(bool some, CancellationToken ct)
    {
        while (true)
        {
            Task turned;
            lock (_gate)
            {
                if (_wallets.Count > 0 == some)
                {
                    return;
                }

                turned = _turned.Task;
            }

            await turned.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        lock (_gate)
        {
            var had = _wallets.Count > 0;
            change();
            if (_wallets.Count > 0 != had)
            {
                _turned.SetResult();
                _turned = NewTurn();
            }
        }
    }
}
