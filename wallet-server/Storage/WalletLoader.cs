using System.Collections.Immutable;
using System.Security.Cryptography;
using Dash.Common.Concurrency;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>An opened wallet: its state, its secrets, and what the user should know.</summary>
internal sealed record LoadedWallet(WalletSnapshot Snapshot, KeyRing Keys, IReadOnlyList<string> Warnings)
{
    /// <summary>Receiving keys left in the file as it was opened.</summary>
    public int KeysLeft { get; init; }

    /// <summary>See <see cref="Wallets.NewWalletOptions.StaysUnknown"/>.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>
/// Makes the state of a wallet from its file. Where our tables agree with Core's records the history is not even looked
/// at; where another program wrote since, they are made anew from the records.
/// </summary>
internal static class WalletLoader
{
    // Whether there are notes on texts that are no address.
    private const string OddAddresses = "odd_addresses";

    /// <summary>Reads a wallet.</summary>
    /// <exception cref="WalletException">Core would not load it either; the text is Core's.</exception>
    public static LoadedWallet Load(
        WalletDatabase database, string name, ChainParams chain, WalletSettings settings, TimeProvider clock, LoadWatch? watch = null)
    {
        var keys = new KeyRing(clock);
        watch ??= new LoadWatch();
        watch.Attach(database.Writer);
        try
        {
            var loaded = Load(database, name, chain, settings, keys, watch);

            // Pages of the file that were read once only: with a thousand wallets a quarter of a gigabyte.
            database.Execute("PRAGMA shrink_memory");
            return loaded;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
        finally
        {
            LoadWatch.Release(database.Writer);
        }
    }

    private static LoadedWallet Load(
        WalletDatabase database, string name, ChainParams chain, WalletSettings settings, KeyRing keys, LoadWatch watch)
    {
        var isOurs = TableStamp.IsOurs(database.Writer);
        watch.Enter("reading records", isOurs ? 0 : database.Main.Highest);
        var records = WalletRecords.Read(database.Main, chain, keys, withAddresses: !isOurs, watch);
        var warnings = new List<string>();
        RequireUsable(records, database.FilePath);
        RequireChain(records, chain, settings);

        var keychains = records.BuildKeychains();
        var snapshot = new WalletSnapshot
        {
            Name = name,
            Chain = chain,
            Settings = settings,
            Flags = records.Flags ?? WalletFlags.None,
            Version = records.MinVersion,
            NextPosition = records.NextPosition,
            LockedCoins = records.LockedCoins.ToImmutableDictionary(outPoint => outPoint, _ => true),
            Keychains = [.. keychains],
            ActiveExternal = keychains.FindIndex(keychain => keychain.Id == records.ActiveExternal),
            ActiveInternal = keychains.FindIndex(keychain => keychain.Id == records.ActiveInternal),
            Scripts = new ScriptIndex(),
            CoinJoinSalt = records.CoinJoinSalt ?? new Uint256(RandomNumberGenerator.GetBytes(Uint256.Size)),
            IsEncrypted = keys.IsEncrypted,
            Secrets = keys,
        };

        watch.Enter("reading addresses");
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            WalletTables.Ensure(database.Writer, isOurs);
            snapshot = snapshot with
            {
                Scripts = ScriptTable.Load(database.Writer, keychains),
                AddressBook = isOurs ? ReadBook(database, chain) : MakeBook(database, chain, records),
            };
            watch.Enter("reading transactions", isOurs ? 0 : database.Main.Highest);
            var facts = isOurs ? ReadTables(database, snapshot) : TableRebuild.Run(database, snapshot, watch);
            snapshot = snapshot with
            {
                Coins = SnapshotMap<OutPoint, Coin>.Of(facts.Coins),
                Pending = SnapshotMap<Txid, PendingTx>.Of(facts.Pending),
                GivenUp = facts.GivenUp.ToImmutableDictionary(static tx => tx.Txid),
                TxCount = facts.TxCount,
                NextPosition = Math.Max(snapshot.NextPosition, facts.NextPosition),
            };
            snapshot = WithTrail(database.Writer, snapshot, records, isOurs, facts.UnknownBlocks);
            WriteMissing(database.Main, records, snapshot.CoinJoinSalt);
            if (!isOurs)
            {
                TableStamp.Set(database.Writer);
            }

            database.Execute("COMMIT");
            if (records.HasErrors || facts.HasErrors)
            {
                warnings.Add(
                    $"Error reading {database.FilePath}! All keys read correctly, but transaction data or address book "
                    + "entries might be missing or incorrect.");
            }
        }
        catch
        {
            LoadWatch.Release(database.Writer);
            database.Execute("ROLLBACK");
            throw;
        }

        return new LoadedWallet(WithSums(snapshot), keys, warnings)
        {
            KeysLeft = snapshot.ActiveExternal >= 0 ? snapshot.Keychains[snapshot.ActiveExternal].KeysLeft : 0,
        };
    }

    private static void RequireUsable(WalletRecords records, string file)
    {
        if (records.MinVersion > CoreRecords.LatestWalletVersion)
        {
            throw new WalletException(
                WalletError.Wallet, $"Error loading {file}: Wallet requires newer version of Dash Core");
        }

        // Unknown flags of the upper half change what the file means.
        if (records.IsCorrupt || ((records.Flags ?? WalletFlags.None) & ~WalletFlags.Known) >= (WalletFlags)(1UL << 32))
        {
            throw new WalletException(WalletError.Wallet, $"Error loading {file}: Wallet corrupted");
        }

        if (records.Flags is { } flags && flags.HasFlag(WalletFlags.ExternalSigner))
        {
            throw new WalletException(
                WalletError.Wallet,
                $"Error loading {file}: External signer wallet being loaded without external signer support compiled");
        }
    }

    private static void RequireChain(WalletRecords records, ChainParams chain, WalletSettings settings)
    {
        if (!settings.AllowsOtherChain && records.Locator.Hashes is [.., var first] && first != chain.Genesis.Hash)
        {
            throw new WalletException(
                WalletError.Wallet,
                "Wallet files should not be reused across chains. Restart dashd with -walletcrosschain to override.");
        }
    }

    private static void WriteMissing(MainTable main, WalletRecords records, Uint256 salt)
    {
        if (records.LastClient != CoreRecords.ClientVersion)
        {
            main.Put(CoreRecords.Key(RecordName.Version), CoreRecords.Int32(CoreRecords.ClientVersion));
        }

        if (records.CoinJoinSalt is null)
        {
            main.Put(CoreRecords.Key(RecordName.CoinJoinSalt), CoreRecords.Hash(salt));
        }
    }

    // Texts that are no address of this network are in Core's records only, and there are next to none.
    private static AddressBook ReadBook(WalletDatabase database, ChainParams chain)
    {
        var table = BookTable.Read(database.Writer, out var isCrowded);
        if (isCrowded)
        {
            BookTable.Rewrite(database.Writer, table);
        }

        var odd = WalletTables.ReadMeta(database.Writer, OddAddresses) is 1L
            ? WalletRecords.ReadAddresses(database.Main).Where(entry => AddressKey.Of(entry.Key, chain.Prefixes) is null)
            : [];
        return AddressBook.Of(chain.Prefixes, table).With(odd);
    }

    private static AddressBook MakeBook(WalletDatabase database, ChainParams chain, WalletRecords records)
    {
        var table = new AddressTable(records.Addresses.Count);
        List<KeyValuePair<string, AddressEntry>> odd = [];
        foreach (var note in records.Addresses)
        {
            if (AddressKey.Of(note.Key, chain.Prefixes) is { } key)
            {
                table.Put(key, note.Value);
            }
            else
            {
                odd.Add(note);
            }
        }

        records.Addresses.Clear(); // a fifth of a kilobyte each
        records.Addresses.TrimExcess();
        BookTable.Rewrite(database.Writer, table);
        WalletDatabase.Execute(database.Writer, "INSERT OR REPLACE INTO dw_meta VALUES($a, $b)", OddAddresses, odd.Count > 0 ? 1L : 0L);
        return AddressBook.Of(chain.Prefixes, table).With(odd);
    }

    private static LoadedFacts ReadTables(WalletDatabase database, WalletSnapshot snapshot)
    {
        using var history = new History(database.Writer);
        var coins = WalletTables.ReadCoins(database.Writer);
        var count = WalletTables.ReadMeta(database.Writer, "tx_count") as long?
            ?? (long)(WalletDatabase.Ask(database.Writer, "SELECT COUNT(*) FROM dw_tx") ?? 0L);
        var pending = new Dictionary<Txid, PendingTx>();
        foreach (var tx in history.Pending().ToList())
        {
            var (debit, all) = Debit(tx.Tx, snapshot, history.Find);
            pending.Add(tx.Txid, new PendingTx(tx, debit, all));
        }

        List<Transaction> givenUp = [.. history.GivenUp().Select(static tx => tx.Tx)];
        var unknown = new HashSet<BlockHash>();
        using var command = database.Writer.CreateCommand();

        // The plus keeps SQLite from the index of blocks, which would have it look at every transaction.
        command.CommandText = "SELECT block FROM dw_tx WHERE height < 0 AND +block IS NOT NULL";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            unknown.Add(new BlockHash(rows.GetFieldValue<byte[]>(0)));
        }

        return new LoadedFacts(coins, pending, givenUp, count, snapshot.NextPosition, unknown, HasErrors: false);
    }

    private static (Amount Debit, bool AllMine) Debit(
        Transaction tx, WalletSnapshot snapshot, Func<Txid, WalletTx?> find)
    {
        var debit = Amount.Zero;
        var all = !tx.IsCoinBase;
        foreach (var input in tx.Inputs)
        {
            var parent = tx.IsCoinBase ? null : find(input.PreviousOutput.Txid);
            var index = input.PreviousOutput.Index;
            if (parent is not null && index < parent.Tx.Outputs.Length
                && parent.Tx.Outputs[(int)index] is var output && snapshot.IsMine(output.ScriptPubKey))
            {
                debit += output.Value;
            }
            else
            {
                all = false;
            }
        }

        return (debit, all);
    }

    private static WalletSnapshot WithTrail(
        SqliteConnection connection, WalletSnapshot snapshot, WalletRecords records, bool isOurs, HashSet<BlockHash> unknown)
    {
        var known = WalletTables.ReadMeta(connection, "trail") is byte[] bytes ? ReadTrail(bytes) : [];
        ChainTrail trail;
        long tipTime = 0;
        if (isOurs && known.Count > 0)
        {
            trail = ChainTrail.Of(known);
            tipTime = WalletTables.ReadMeta(connection, "tip_time") as long? ?? 0;
        }
        else
        {
            var heights = known.ToDictionary(point => point.Hash, point => point.Height);
            trail = ChainTrail.Of(ChainTrail.Of(records.Locator).Points
                .Select(point => point with { Height = heights.GetValueOrDefault(point.Hash, -1) }));
            unknown.UnionWith(trail.Points.Where(point => point.Height < 0).Select(point => point.Hash));
        }

        var sequence = (ulong)(WalletTables.ReadMeta(connection, "sequence") as long? ?? 0);
        return snapshot with
        {
            Trail = trail,
            StoredTip = trail.Tip,
            StoredReorganisedFrom = isOurs ? (int)(WalletTables.ReadMeta(connection, "reorganised_from") as long? ?? 0) : 0,
            TipTime = tipTime,
            ChainLockHeight = isOurs ? (int)(WalletTables.ReadMeta(connection, "chain_lock") as long? ?? -1) : -1,
            Sequence = sequence,
            StoredSequence = sequence,
            UnknownBlocks = [.. unknown],
            Jobs = [.. WalletTables.ReadJobs(connection)],
            Followed = WalletTables.ReadFollowed(connection),
            NextEvent = WalletTables.ReadMeta(connection, "next_event") as long? ?? 1,
        };
    }

    private static List<BlockPoint> ReadTrail(byte[] bytes)
    {
        var reader = new SpanReader(bytes);
        var points = new List<BlockPoint>();
        while (!reader.IsAtEnd)
        {
            points.Add(new BlockPoint(new BlockHash(reader.ReadUint256()), reader.ReadInt32()));
        }

        return points;
    }

    private static WalletSnapshot WithSums(WalletSnapshot snapshot)
    {
        var sum = Amount.Zero;
        var young = ImmutableDictionary.CreateBuilder<OutPoint, Coin>();
        foreach (var coin in snapshot.Coins.Values.Where(coin => coin.IsConfirmed))
        {
            ThreadTurns.Rest();
            sum += coin.Value;
            if (coin.IsImmatureAt(snapshot.Tip.Height))
            {
                young.Add(coin.OutPoint, coin);
            }
        }

        return snapshot with
        {
            ConfirmedSum = sum,
            YoungCoinbases = young.ToImmutable(),
            DenominatedCoins = snapshot.Coins.Values.Where(coin => Denominations.Contains(coin.Value))
                .ToImmutableDictionary(coin => coin.OutPoint),
            CollateralCoins = [.. snapshot.Coins.Values.Where(coin => Denominations.IsMasternodeCollateral(coin.Value)).Select(coin => coin.OutPoint)],
        };
    }
}
