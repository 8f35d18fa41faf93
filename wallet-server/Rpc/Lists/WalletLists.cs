using System.Runtime.CompilerServices;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>The lists of all wallets whose rows are kept. Any thread.</summary>
/// <param name="answers">Bounds the bytes, and lets go of what nobody asks for.</param>
internal sealed class WalletLists(KnownAnswers answers)
{
    // About; a row of a list of transactions has as many for each output.
    private const int BytesOfRow = 400;

    /// <summary>Of fewer rows a list is written anew as fast as it is found.</summary>
    public int LeastRows { get; init; } = 1000;

    /// <summary>Bytes of rows that lie together, about.</summary>
    public int ChunkSize { get; init; } = KeptRows.ChunkSize;

    private readonly ConditionalWeakTable<Wallet, OfWallet> _wallets = [];

    /// <summary>Whether so many rows are worth it, and fit.</summary>
    public bool Takes(long rows) => rows >= LeastRows && rows * BytesOfRow <= answers.Most;

    /// <summary>A wallet's lists.</summary>
    public OfWallet Of(Wallet wallet) => _wallets.GetValue(wallet, wallet => new OfWallet(wallet, this));

    /// <summary>Counts a list that was just used.</summary>
    public void Use(IKeptPart list) => answers.Use(list);

    /// <summary>The wallet is unloaded.</summary>
    public void Drop(Wallet wallet)
    {
        if (_wallets.TryGetValue(wallet, out var lists))
        {
            lists.Drop(answers);
        }
    }

    /// <summary>The lists of one wallet.</summary>
    internal sealed class OfWallet
    {
        // A wallet that changes all the time may be further with each attempt.
        private const int Attempts = 3;

        private readonly Wallet _wallet;
        private readonly WalletLists _owner;

        /// <summary>Lists that keep nothing yet.</summary>
        public OfWallet(Wallet wallet, WalletLists owner)
        {
            (_wallet, _owner) = (wallet, owner);
            Coins = new CoinList(wallet.Recent, owner.ChunkSize) { Dropped = ForgetChanges };
            Transactions = new TxList(wallet.Recent, owner.ChunkSize) { Dropped = ForgetChanges };
            Received = new ReceivedList(wallet.Recent, owner.ChunkSize) { Dropped = ForgetChanges };
            Groups = new GroupList(wallet.Recent, owner.ChunkSize) { Dropped = ForgetChanges };
        }

        /// <summary>Its coins.</summary>
        public CoinList Coins { get; }

        /// <summary>Its transactions.</summary>
        public TxList Transactions { get; }

        /// <summary>What its addresses received.</summary>
        public ReceivedList Received { get; }

        /// <summary>Which of its addresses have one owner for all to see.</summary>
        public GroupList Groups { get; }

        /// <summary>Looks at the wallet and writes a list as it is then.</summary>
        /// <param name="call">Whose answer it is.</param>
        /// <param name="list">The list.</param>
        /// <param name="write">Writes it; false if the list is further than the view.</param>
        /// <returns>False if nothing was written, and the answer must be made in another way.</returns>
        public bool TryWrite<TList>(WalletCall call, TList list, Func<TList, WalletView, bool> write)
            where TList : IKeptPart
        {
            _wallet.Recent.Want();
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                bool isWritten;
                using (var view = call.OpenView(_wallet))
                {
                    isWritten = write(list, view);
                }

                if (isWritten)
                {
                    _owner.Use(list);
                    return true;
                }
            }

            return false;
        }

        /// <summary>Keeps nothing from now on.</summary>
        public void Drop(KnownAnswers answers)
        {
            answers.Drop(Coins);
            answers.Drop(Transactions);
            answers.Drop(Received);
            answers.Drop(Groups);
        }

        private void ForgetChanges()
        {
            if (!Coins.IsThere && !Transactions.IsThere && !Received.IsThere && !Groups.IsThere)
            {
                _wallet.Recent.Forget();
            }
        }
    }
}
