using System.Runtime.InteropServices;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Transactions;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>The rows of <c>listsinceblock</c> for all transactions, by their place in the order of arrival.</summary>
internal sealed class TxList(RecentChanges recent, int chunkSize) : KeptList<long>(recent, chunkSize)
{
    // Which transactions have an output to a script, by its hash: what is noted about it, and whose it is, is in their rows.
    private readonly Dictionary<ulong, long> _firstPaying = [];
    private readonly Dictionary<ulong, HashSet<long>> _othersPaying = [];
    private IEnumerator<WalletTx>? _reading;
    private bool _isReading;

    /// <inheritdoc/>
    protected override long ExtraBytes => (_firstPaying.Count * 32L) + (_othersPaying.Count * 200L);

    /// <inheritdoc/>
    protected override IEnumerable<long> All(WalletView view, CancellationToken ct)
    {
        _reading = view.Since(-1).GetEnumerator();
        _isReading = _reading.MoveNext();
        return view.Positions();
    }

    /// <inheritdoc/>
    protected override IEnumerable<long>? Changed(WalletView view, WalletChanges changes, ListPoint before, ListPoint now)
    {
        // What is outside the chain depends on what else is there.
        HashSet<long> touched = [.. view.PositionsOutside()];
        foreach (var txid in changes.Transactions)
        {
            if (view.Find(txid) is not { } tx)
            {
                return null;
            }

            touched.Add(tx.Position);
            touched.UnionWith(view.ConflictsOf(tx).Select(view.Find).OfType<WalletTx>().Select(static other => other.Position));
        }

        foreach (var hash in changes.Scripts.Concat(changes.Addresses.Select(address => view.Snapshot.Scripts.HashOf(address.ToScript().Span))))
        {
            if (_firstPaying.TryGetValue(hash, out var first))
            {
                touched.Add(first);
                touched.UnionWith(_othersPaying.GetValueOrDefault(hash, []));
            }
        }

        if (before.Tip != now.Tip)
        {
            var (above, upTo) = before.MaturedUntil(now);
            touched.UnionWith(view.PositionsBetween(above, upTo, onlyMined: true));
        }

        if (before.ChainLock != now.ChainLock)
        {
            touched.UnionWith(view.PositionsBetween(
                Math.Min(before.ChainLock, now.ChainLock), Math.Max(before.ChainLock, now.ChainLock), onlyMined: false));
        }

        return touched.Count <= MostOneByOne ? touched : null;
    }

    /// <inheritdoc/>
    protected override void Write(WalletView view, long key, RowWriter row)
    {
        foreach (var tx in At(view, key))
        {
            foreach (var output in tx.Tx.Outputs)
            {
                NotePaying(view.Snapshot, output.ScriptPubKey, key);
            }

            foreach (var line in TxLine.Of(view, tx))
            {
                line.Write(row.Json, view, withTx: true, row);
            }
        }
    }

    // One, but nothing keeps a file from having several.
    private IEnumerable<WalletTx> At(WalletView view, long position)
    {
        if (_reading is not { } reading)
        {
            foreach (var tx in view.At(position))
            {
                yield return tx;
            }

            yield break;
        }

        for (; _isReading && reading.Current.Position == position; _isReading = reading.MoveNext())
        {
            yield return reading.Current;
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        _reading?.Dispose();
        _reading = null;
    }

    /// <inheritdoc/>
    protected override void Forget()
    {
        Finish();
        _firstPaying.Clear();
        _firstPaying.TrimExcess();
        _othersPaying.Clear();
        _othersPaying.TrimExcess();
    }

    private void NotePaying(WalletSnapshot snapshot, Script script, long position)
    {
        Note(snapshot.Scripts.HashOf(script.Span));

        // A bare key is noted under the address of its hash.
        if (!ScriptTemplates.IsPayToPubKeyHash(script.Span) && AddressKey.Of(script) is { } address)
        {
            Note(snapshot.Scripts.HashOf(address.ToScript().Span));
        }

        void Note(ulong hash)
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstPaying, hash, out var isThere);
            if (!isThere)
            {
                first = position;
            }
            else if (first != position)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(_othersPaying, hash, out _) ??= []).Add(position);
            }
        }
    }
}
