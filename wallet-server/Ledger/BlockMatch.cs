using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>What a scan found for one wallet, and what it had searched for.</summary>
internal sealed record WalletMatches(Watched Watched, IReadOnlyList<MatchedTx> Transactions)
{
    /// <summary>Would a scan with this snapshot find the same? Not if anything watched changed since.</summary>
    public bool HoldsFor(WalletSnapshot snapshot) => Watched == snapshot.Watched;
}

/// <summary>
/// Goes over the serialized bytes of a block once for any number of wallets: every script paid and every output spent is
/// looked up in each wallet; only what matched is built. Pure.
/// </summary>
internal static class BlockMatch
{
    /// <summary>The transactions of a block that concern each wallet, in the order of <paramref name="wallets"/>.</summary>
    public static IReadOnlyList<WalletMatches> Scan(ReadOnlyMemory<byte> block, IReadOnlyList<WalletSnapshot> wallets)
    {
        var searches = new Search[wallets.Count];
        for (var i = 0; i < searches.Length; i++)
        {
            searches[i] = new Search(wallets[i], ImmutableHashSet<OutPoint>.Empty);
        }

        var scanner = new BlockScanner(block.Span);
        while (scanner.MoveNext())
        {
            ThreadTurns.Rest();
            var view = scanner.Current;
            Transaction? built = null;
            foreach (var search in searches)
            {
                if (search.Concerns(view))
                {
                    built ??= Transaction.Parse(view.Bytes);
                    search.Add(new MatchedTx(scanner.Index, built), view);
                }
            }
        }

        return [.. searches.Select(search => new WalletMatches(search.Watched, search.Found))];
    }

    /// <summary>The transactions of a block that concern one wallet.</summary>
    public static WalletMatches Scan(ReadOnlyMemory<byte> block, WalletSnapshot wallet) =>
        Scan(block, wallet, ImmutableHashSet<OutPoint>.Empty);

    /// <summary>The transactions of a block that concern one wallet, or spend one of some further outputs.</summary>
    public static WalletMatches Scan(ReadOnlyMemory<byte> block, WalletSnapshot wallet, IReadOnlySet<OutPoint> further)
    {
        var search = new Search(wallet, further);
        var scanner = new BlockScanner(block.Span);
        while (scanner.MoveNext())
        {
            ThreadTurns.Rest();
            var view = scanner.Current;
            if (search.Concerns(view))
            {
                search.Add(new MatchedTx(scanner.Index, block.Slice(scanner.Start, view.Bytes.Length)), view);
            }
        }

        return new WalletMatches(search.Watched, search.Found);
    }

    /// <summary>Does a lone transaction concern the wallet?</summary>
    public static bool Concerns(Transaction tx, WalletSnapshot wallet)
    {
        if (wallet.Pending.ContainsKey(tx.Txid))
        {
            return true;
        }

        foreach (var output in tx.Outputs)
        {
            if (wallet.Scripts.TryFind(output.ScriptPubKey.Span, out _))
            {
                return true;
            }
        }

        var search = new Search(wallet, ImmutableHashSet<OutPoint>.Empty);
        foreach (var input in tx.Inputs)
        {
            if (search.Watches(input.PreviousOutput))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Search
    {
        private readonly List<MatchedTx> _found = [];

        // Outputs that transactions outside the chain spend, waiting or given up: whoever else spends one contradicts them.
        private readonly HashSet<OutPoint> _contested = [];

        // Outputs of ours that this very block made.
        private readonly HashSet<OutPoint> _fresh = [];

        private readonly IReadOnlySet<OutPoint> _further;

        public Search(WalletSnapshot wallet, IReadOnlySet<OutPoint> further)
        {
            Wallet = wallet;
            Watched = wallet.Watched;
            _further = further;
            foreach (var pending in wallet.Pending.Values)
            {
                Contest(pending.Tx.Tx);
            }

            foreach (var tx in wallet.GivenUp.Values)
            {
                Contest(tx);
            }
        }

        public WalletSnapshot Wallet { get; }

        /// <summary>When the search began.</summary>
        public Watched Watched { get; }

        public IReadOnlyList<MatchedTx> Found => _found;

        private void Contest(Transaction tx)
        {
            foreach (var input in tx.Inputs)
            {
                _contested.Add(input.PreviousOutput);
            }
        }

        public bool Watches(OutPoint outPoint) =>
            Wallet.Coins.ContainsKey(outPoint) || _contested.Contains(outPoint) || _fresh.Contains(outPoint)
            || _further.Contains(outPoint);

        public bool Concerns(TransactionView view)
        {
            foreach (var output in view.Outputs)
            {
                if (Wallet.Scripts.TryFind(output.ScriptPubKey, out _))
                {
                    return true;
                }
            }

            foreach (var input in view.Inputs)
            {
                if (Watches(input.PreviousOutput))
                {
                    return true;
                }
            }

            return false;
        }

        public void Add(MatchedTx match, TransactionView view)
        {
            _found.Add(match);
            Txid? txid = null;
            var index = 0U;
            foreach (var output in view.Outputs)
            {
                if (Wallet.Scripts.TryFind(output.ScriptPubKey, out _))
                {
                    _fresh.Add(new OutPoint(txid ??= view.ComputeTxid(), index));
                }

                index++;
            }
        }
    }
}
