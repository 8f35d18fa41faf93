using Dash.Primitives.Descriptors;
using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Coins;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>The rows of <c>listreceivedbyaddress</c> as it is without arguments, by address.</summary>
internal sealed class ReceivedList(RecentChanges recent, int chunkSize) : KeptList<AddressKey>(recent, chunkSize)
{
    private Dictionary<AddressKey, ReceivedSum>? _sums;

    /// <inheritdoc/>
    protected override IEnumerable<AddressKey> All(WalletView view, CancellationToken ct)
    {
        _sums = Received.ByAddress(view, only: null, minConf: 1, addLocked: false, includeImmature: false, ct);
        return _sums.Keys;
    }

    /// <inheritdoc/>
    protected override IEnumerable<AddressKey>? Changed(WalletView view, WalletChanges changes, ListPoint before, ListPoint now)
    {
        // A bare key counts for its address if that is the wallet's, too.
        if (changes.Scripts.Count > 0 && view.Snapshot.Keychains.Any(static keychain => keychain.Descriptor.Kind is not (DescriptorKind.Pkh or DescriptorKind.Addr)))
        {
            return null;
        }

        HashSet<AddressKey> touched = [.. changes.Addresses];
        foreach (var txid in changes.Transactions)
        {
            if (view.Find(txid) is not { } tx)
            {
                return null;
            }

            AddOutputs(tx);
        }

        if (before.Tip != now.Tip)
        {
            var (above, upTo) = before.MaturedUntil(now);
            foreach (var position in view.PositionsBetween(above, upTo, onlyMined: true).ToList())
            {
                foreach (var mined in view.At(position))
                {
                    AddOutputs(mined);
                }
            }
        }

        return touched.Count <= MostOneByOne ? touched : null;

        void AddOutputs(WalletTx tx) =>
            touched.UnionWith(tx.Tx.Outputs.Select(static output => AddressKey.Of(output.ScriptPubKey)).OfType<AddressKey>());
    }

    /// <inheritdoc/>
    protected override void Write(WalletView view, AddressKey key, RowWriter row)
    {
        if (view.Snapshot.AddressBook.FindNamed(key.ToScript()) is not { } note)
        {
            return;
        }

        var sums = _sums ?? Received.ByAddress(view, key, minConf: 1, addLocked: false, includeImmature: false, CancellationToken.None);
        if (sums.GetValueOrDefault(key) is { } sum)
        {
            ListReceivedByAddress.Write(row.Json, view.Snapshot.Chain.Prefixes, key, note.Label ?? "", sum, row);
        }
    }

    /// <inheritdoc/>
    protected override void Finish() => _sums = null;

    /// <inheritdoc/>
    protected override void Forget() => Finish();
}
