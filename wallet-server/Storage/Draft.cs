using Dash.Common.Concurrency;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// The writer's transaction and the state so far: each applied change is written and seen by the next decision;
/// <see cref="Commit"/> makes all of them durable at once. Disposed without it, nothing happened.
/// </summary>
internal sealed class Draft : IDisposable
{
    /// <summary>A wallet no block concerns stores its position every so many blocks: being behind is safe.</summary>
    private const int StoreProgressEvery = 100;

    /// <summary>Old lines of the event log are forgotten once in so many.</summary>
    private const int PruneEvery = 10_000;

    private readonly DraftStatements _statements;
    private readonly WalletSnapshot _start;
    private readonly long _now;
    private readonly List<SecretChange> _secrets = [];
    private bool _hasWrites;
    private bool _namesLog;
    private bool _storesProgress;
    private bool _isOpen;

    /// <summary>Begins on the newest snapshot.</summary>
    /// <param name="statements">Of the file's writer.</param>
    /// <param name="snapshot">The newest.</param>
    /// <param name="now">Seconds since 1970, for the event log.</param>
    public Draft(DraftStatements statements, WalletSnapshot snapshot, long now)
    {
        _statements = statements;
        _now = now;
        _start = snapshot;
        Snapshot = snapshot;
        ReorganisedFrom = snapshot.StoredReorganisedFrom;
        WalletDatabase.Execute(statements.Database.Writer, "BEGIN IMMEDIATE");
        _isOpen = true;
    }

    /// <summary>The height from which blocks were taken back; is stored with the tip. See <see cref="Wallets.Wallet.ReorganisedFrom"/>.</summary>
    public int ReorganisedFrom { get; init; }

    /// <summary>The state with all changes applied so far.</summary>
    public WalletSnapshot Snapshot { get; private set; }

    /// <summary>What the next decision looks at.</summary>
    public LedgerState State => new(Snapshot, _statements.History) { ComingSecrets = _secrets };

    /// <summary>Writes a change and goes on from it.</summary>
    /// <returns>Scripts that are watched from now on, by their hashes in the script index.</returns>
    public IReadOnlyList<ulong> Apply(ChangeSet changes)
    {
        if (changes.Keychains.Count == 0)
        {
            Snapshot.Scripts.DropFresh();
        }

        if (changes.IsEmpty)
        {
            return [];
        }

        _secrets.AddRange(changes.Secrets);
        var nextEvent = Snapshot.NextEvent;
        if (!changes.IsOnlyProgress || changes.Trail?.Tip.Height < Snapshot.Tip.Height)
        {
            nextEvent = WriteEvents(changes);
            Write(changes);
            _hasWrites = true;
        }

        Snapshot = Snapshot.Apply(changes) with { Sequence = Snapshot.Sequence + 1, NextEvent = nextEvent };
        if (changes.Keychains.Count > 0)
        {
            var fresh = Snapshot.Scripts.TakeFresh();
            Snapshot = fresh.Count > 0 ? Snapshot with { ScriptsVersion = Snapshot.ScriptsVersion + 1 } : Snapshot;
            ScriptTable.Write(_statements.Database.Writer, _statements.PutScripts, fresh, Snapshot.Keychains);
            return [.. fresh.Select(static mark => mark.Hash)];
        }

        return [];
    }

    /// <summary>Writes the chain position even if nothing else is to be stored.</summary>
    public void StoreProgress() => _storesProgress = true;

    /// <summary>
    /// Makes it durable; from then on the ring has its secrets, and its scripts stay. When it returns the power may fail; when it throws nothing happened.
    /// </summary>
    /// <returns>The snapshot to publish.</returns>
    public WalletSnapshot Commit()
    {
        var moved = Snapshot.Trail.Tip != Snapshot.StoredTip;
        var isFar = Snapshot.Tip.Height >= Snapshot.StoredTip.Height + StoreProgressEvery
            || Snapshot.Tip.Height < _start.Tip.Height;
        if (moved && (_hasWrites || _storesProgress || isFar))
        {
            WriteTrail(Snapshot);
            _hasWrites = true;
            Snapshot = Snapshot with { StoredTip = Snapshot.Tip, StoredReorganisedFrom = ReorganisedFrom };
        }

        if (_hasWrites)
        {
            Snapshot = Snapshot with { StoredSequence = Snapshot.Sequence };
            _statements.PutMeta("sequence", (long)Snapshot.Sequence);
            _statements.PutMeta("tx_count", Snapshot.TxCount);
            if (Snapshot.NextEvent != _start.NextEvent)
            {
                _statements.PutMeta("next_event", Snapshot.NextEvent);
                if (Snapshot.NextEvent / PruneEvery != _start.NextEvent / PruneEvery)
                {
                    _statements.PruneEvents(Snapshot.NextEvent - Snapshot.Settings.EventsKept);
                }
            }

            _statements.Database.Commit();
        }
        else
        {
            WalletDatabase.Execute(_statements.Database.Writer, "ROLLBACK");
        }

        _isOpen = false;
        _statements.IsLogNamed |= _namesLog;
        Snapshot.Scripts.Keep();
        _start.Secrets?.Take(_secrets);
        return Snapshot;
    }

    /// <summary>Takes back what was not committed.</summary>
    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _start.Scripts.TakeBack();
            _secrets.ForEach(static secret => secret.Dispose());
            try
            {
                WalletDatabase.Execute(_statements.Database.Writer, "ROLLBACK");
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself after a disk error.
            }
        }
    }

    /// <summary>The trail as our tables keep it: hashes with their heights.</summary>
    public static byte[] TrailBytes(ChainTrail trail)
    {
        var writer = new ByteWriter(trail.Points.Count * 36);
        foreach (var point in trail.Points)
        {
            writer.WriteUint256(point.Hash.Value);
            writer.WriteInt32(point.Height);
        }

        return writer.ToArray();
    }

    private void WriteTrail(WalletSnapshot snapshot)
    {
        var main = _statements.Database.Main;
        main.Put(CoreRecords.Key(RecordName.BestBlock), CoreRecords.Locator(Primitives.Blocks.BlockLocator.Empty));
        main.Put(CoreRecords.Key(RecordName.BestBlockNoMerkle), CoreRecords.Locator(snapshot.Locator));
        _statements.PutMeta("trail", TrailBytes(snapshot.Trail));
        _statements.PutMeta("tip_time", snapshot.TipTime);
        _statements.PutMeta("chain_lock", (long)snapshot.ChainLockHeight);
        if (ReorganisedFrom != snapshot.StoredReorganisedFrom)
        {
            _statements.PutMeta("reorganised_from", (long)ReorganisedFrom);
        }
    }

    private long WriteEvents(ChangeSet changes)
    {
        var next = Snapshot.NextEvent;
        foreach (var line in EventLines.Of(Snapshot, changes, State.Find, _now))
        {
            _statements.Put(line);
            next = line.Sequence + 1;
        }

        if (next > Snapshot.NextEvent && !_namesLog && !_statements.IsLogNamed)
        {
            _statements.NameLog(Snapshot.NextEvent);
            _namesLog = true;
        }

        return next;
    }

    private void Write(ChangeSet changes)
    {
        var main = _statements.Database.Main;
        foreach (var header in changes.Headers)
        {
            _statements.PutHeader(header);
        }

        foreach (var tx in changes.Transactions)
        {
            ThreadTurns.Rest();
            main.Put(CoreRecords.TransactionKey(tx.Txid), WalletTxCodec.Write(tx));
            _statements.Put(tx, changes.Added.Contains(tx.Txid));
        }

        foreach (var derived in changes.Derived)
        {
            ThreadTurns.Rest();
            _statements.Put(derived);
        }

        if (changes.Job is { } job)
        {
            WalletTables.PutJob(_statements.Database.Writer, job);
        }

        if (changes.Request is { } request)
        {
            // The chain's time as well as the clock: one that jumps must not make the wallet forget what it has paid.
            _statements.Put(request with { Time = Math.Max(request.Time, Snapshot.TipTime) });
            _statements.PruneRequests(Math.Min(_now, Snapshot.TipTime) - SpendRequest.Lifetime);
        }

        if (changes.Followed is var (name, line))
        {
            _statements.PutMeta(WalletTables.FollowedPrefix + name, line);
        }

        foreach (var tx in changes.Removed)
        {
            main.Delete(CoreRecords.TransactionKey(tx.Txid));
            _statements.Delete(tx);
        }

        foreach (var (outPoint, coin) in changes.Coins)
        {
            ThreadTurns.Rest();
            _statements.Put(outPoint, coin);
        }

        foreach (var (outPoint, persistent) in changes.Locks)
        {
            Write(main, outPoint, persistent);
        }

        foreach (var (address, entry) in changes.Addresses)
        {
            Write(main, address, Snapshot.AddressBook.Find(address), entry);
        }

        if (changes.Addresses.Count > 0)
        {
            BookTable.Append(
                _statements.Database.Writer,
                _statements.PutNotes,
                changes.Addresses
                    .Select(note => (Key: AddressKey.Of(note.Key, Snapshot.Chain.Prefixes), Entry: note.Value))
                    .Where(static note => note.Key is not null)
                    .Select(static note => KeyValuePair.Create(note.Key!.Value, note.Entry))); // not null: filtered
        }

        foreach (var (place, keychain) in changes.Keychains)
        {
            Write(main, place < Snapshot.Keychains.Length ? Snapshot.Keychains[place] : null, keychain);
        }

        // Where the active keychains are is written after the keychains themselves.
        var after = Snapshot.Apply(new ChangeSet { Keychains = changes.Keychains });
        WriteActive(main, RecordName.ActiveExternal, changes.ActiveExternal, after);
        WriteActive(main, RecordName.ActiveInternal, changes.ActiveInternal, after);

        if (changes.NextPosition is { } position)
        {
            main.Put(CoreRecords.Key(RecordName.OrderPosNext), CoreRecords.Int64(position));
        }

        if (changes.Flags is { } flags)
        {
            main.Put(CoreRecords.Key(RecordName.Flags), CoreRecords.Int64(unchecked((long)flags)));
        }

        if (changes.Version is { } version)
        {
            main.Put(CoreRecords.Key(RecordName.MinVersion), CoreRecords.Int32(version));
        }

        foreach (var (key, value) in changes.Records)
        {
            if (value is null)
            {
                main.Delete(key);
            }
            else
            {
                main.Put(key, value);
            }
        }
    }

    private static void WriteActive(MainTable main, string name, int? place, WalletSnapshot after)
    {
        if (place is { } at && at >= 0)
        {
            main.Put(CoreRecords.Key(name), CoreRecords.Hash(after.Keychains[at].Id));
        }
        else if (place is not null)
        {
            main.Delete(CoreRecords.Key(name));
        }
    }

    private static void Write(MainTable main, OutPoint outPoint, bool? persistent)
    {
        var key = CoreRecords.LockedCoinKey(outPoint);
        if (persistent is null)
        {
            main.Delete(key);
        }
        else if (persistent == true)
        {
            main.Put(key, CoreRecords.Yes);
        }
    }

    private static void Write(MainTable main, string address, AddressEntry? before, AddressEntry after)
    {
        if (after.Label is { } label && label != before?.Label)
        {
            main.Put(CoreRecords.AddressKey(RecordName.Name, address), CoreRecords.Text(label));
        }

        if (after.Purpose != (before ?? AddressEntry.Unknown).Purpose)
        {
            main.Put(CoreRecords.AddressKey(RecordName.Purpose, address), CoreRecords.Text(after.Purpose));
        }

        if (after.IsUsed != (before?.IsUsed ?? false))
        {
            var key = CoreRecords.DestinationKey(address, "used");
            if (after.IsUsed)
            {
                main.Put(key, CoreRecords.Text("1"));
            }
            else
            {
                main.Delete(key);
            }
        }
    }

    private static void Write(MainTable main, Keychain? before, Keychain after)
    {
        main.Put(CoreRecords.DescriptorKey(RecordName.Descriptor, after.Id), CoreRecords.Descriptor(after));
        if (ReferenceEquals(before?.Cache, after.Cache))
        {
            return;
        }

        var known = before?.CacheItems.ToHashSet();
        foreach (var item in after.CacheItems)
        {
            if (known is null || !known.Contains(item))
            {
                main.Put(CoreRecords.CacheKey(after.Id, item), item.Value());
            }
        }
    }
}
