using System.Collections.Immutable;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Wallets;

/// <summary>A wallet that was just loaded or made, and what the user should know.</summary>
internal sealed record OpenedWallet(Wallet Wallet, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// What to say as well to who asked for just this wallet. Not at a start: a file whose process was killed while it opened or closed
    /// it may look like one that was copied by hand.
    /// </summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];
}

/// <summary>
/// The wallets of a daemon: which files there are, which are loaded, which are to be loaded at the next start. Any
/// thread; reading the list of loaded ones waits for nobody.
/// </summary>
internal sealed class WalletDirectory : IAsyncDisposable
{
    private const string Verification = "Wallet file verification failed. ";
    private const string Loading = "Wallet loading failed. ";

    private const string WithoutLog =
        "The file says that a log is beside it (wallet.dat-wal), and there is none. If it was copied by hand while its wallet was loaded, or "
        + "after a crash, the latest changes are missing: copy both files, or use backupwallet.";

    private readonly string _root;
    private readonly ChainParams _chain;
    private readonly WalletSettings _settings;
    private readonly StartupList _startup;
    private readonly Clock _clock;
    private readonly OpenFiles _files = new();
    private readonly WalletScan _scan;
    private readonly KeyGate _places = new(); // of wallets that are being opened or unloaded, one of those at a time
    private readonly Lock _gate = new(); // protects the order of changes to _loaded
    private Served _loaded = new([], ImmutableDictionary.Create<string, Wallet>(StringComparer.Ordinal));
    private SecretWords _firstWords;

    /// <summary>The wallets below a directory, which need not exist yet.</summary>
    public WalletDirectory(string root, ChainParams chain, WalletSettings settings, SettingsFile? settingsFile, Clock clock)
    {
        _root = root;
        _chain = chain;
        _settings = settings;
        _startup = new StartupList(settingsFile);
        _clock = clock;
        _firstWords = settings.FirstWords;
        _scan = new WalletScan(root, chain.Magic, _files, (path, reason) => ScanFailed?.Invoke(path, reason));
    }

    /// <summary>Refuses a wallet that is read and not loaded yet, by a <see cref="WalletException"/>; called on the opener's thread.</summary>
    public Action<WalletSnapshot> Admission { get; set; } = static _ => { };

    /// <summary>
    /// A wallet was loaded; called before its opener gets it, on the opener's thread, and before anybody unloads it. If this throws the opener
    /// hears so and the wallet is loaded nevertheless.
    /// </summary>
    public event Action<Wallet>? Loaded;

    /// <summary>A wallet is about to be unloaded; it still works.</summary>
    public event Action<Wallet>? Unloading;

    /// <summary>A wallet was unloaded: its file is closed.</summary>
    public event Action<Wallet>? Unloaded;

    /// <summary>
    /// A wallet was unloaded, and how far it had followed the chain could not be stored, and why: it goes on from an earlier block.
    /// </summary>
    public event Action<Wallet, string>? NotStored;

    /// <summary>Something below the directory could not be looked at: where, and why.</summary>
    public event Action<string, string>? ScanFailed;

    /// <summary>The directory of the wallets.</summary>
    public string Root => _root;

    /// <summary>The loaded wallets in the order of loading.</summary>
    public ImmutableList<Wallet> All => Volatile.Read(ref _loaded).InOrder;

    /// <summary>A loaded wallet by name, or null.</summary>
    public Wallet? Find(string name) => Volatile.Read(ref _loaded).ByName.GetValueOrDefault(name);

    /// <summary>How large a wallet's file is, bytes; 0 if there is none.</summary>
    public long SizeOf(string name) => WalletFile.SizeOf(WalletFile.DataFile(PathOf(name)));

    /// <summary>Makes a wallet and loads it.</summary>
    /// <param name="name">Its name: a path below the directory.</param>
    /// <param name="options">What it is to be.</param>
    /// <param name="loadOnStart">Whether the next start loads it; null leaves that as it is.</param>
    /// <exception cref="WalletException">With Core's text.</exception>
    public OpenedWallet Create(string name, NewWalletOptions options, bool? loadOnStart)
    {
        if (options.Passphrase.Length > 0 && options.Flags.HasFlag(WalletFlags.DisablePrivateKeys))
        {
            throw new WalletException(
                WalletError.Wallet,
                "Passphrase provided but private keys are disabled. A passphrase is only used to encrypt private keys, so "
                + "cannot be used for wallets with private keys disabled.");
        }

        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new WalletException(
                WalletError.Wallet,
                Verification + "SQLiteDatabase: Failed to open database: unable to open database file\n");
        }

        WalletFile.RequireShortNames(Path.Combine(_root, name), WalletError.Misc);
        return Exclusively(name, loadOnStart, () =>
        {
            var path = Prefixed(Verification, () => RequirePath(name));
            var wasThere = Path.Exists(path);
            var (isMade, isServed) = (false, false);
            try
            {
                var isUnknown = Make(path, name, options);
                isMade = true;
                var database = WalletDatabase.Open(path, _chain, _files);
                return Serve(
                    database,
                    () => WalletLoader.Load(database, name, _chain, _settings, _clock),
                    loaded => loaded with { KeysLeft = 0, IsUnknown = isUnknown },
                    () => isServed = true);
            }
            catch when (!isServed)
            {
                // Who asked hears that there is none, and may ask again or bring a backup back by this name; nobody was told anything of it.
                if (isMade)
                {
                    WalletFile.TryDelete(WalletFile.DataFile(path));
                }

                if (!wasThere)
                {
                    WalletFile.TryDeleteEmpty(path);
                }

                throw;
            }
        });
    }

    // Killed on the way it leaves nothing that anybody takes for a wallet. Words that were given may be known to anybody.
    private bool Make(string path, string name, NewWalletOptions options)
    {
        var database = Prefixed(Verification, () => WalletDatabase.Create(path, _chain, _files));
        var withWords = options;
        try
        {
            var loaded = WalletLoader.Load(database, name, _chain, _settings, _clock);
            using (loaded.Keys)
            {
                Apply(database, loaded, _ => NewWallet.SetUp(loaded.Snapshot, loaded.Keys, withWords = WithWords(options), _clock.UnixSeconds));
            }
        }
        catch (Exception error)
        {
            database.Dispose();
            WalletFile.Delete(database.FilePath);

            // Core throws what is wrong with the words as it is.
            throw error is WalletException { Error: not WalletError.Misc } refusal
                ? new WalletException(refusal.Error, "Wallet creation failed. " + refusal.Message, refusal)
                : error;
        }

        Prefixed(Verification, () => WalletDatabase.Finish(database));
        return options.StaysUnknown && withWords.Mnemonic.Length == 0;
    }

    /// <summary>Loads a wallet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="loadOnStart">Whether the next start loads it; null leaves that as it is.</param>
    /// <param name="watch">Is told how far it is, and may end it.</param>
    /// <exception cref="WalletException">With Core's text; or it was ended.</exception>
    public OpenedWallet Load(string name, bool? loadOnStart, LoadWatch? watch = null) =>
        Exclusively(name, loadOnStart, () => LoadAlone(name, watch));

    private OpenedWallet LoadAlone(string name, LoadWatch? watch, Action? served = null)
    {
        if (Find(name) is not null)
        {
            throw new WalletException(WalletError.AlreadyLoaded, $"Wallet \"{name}\" is already loaded.");
        }

        if (name.Split('\0') is [var before, _, ..])
        {
            throw new WalletException(
                WalletError.NotFound,
                $"{Verification}Failed to load database path '{_root}/{name}'. "
                + (Path.Exists(Path.Combine(_root, before)) ? "Data is not in recognized format." : "Path does not exist."));
        }

        WalletFile.RequireShortNames(Path.Combine(_root, name), WalletError.Wallet);

        var path = Prefixed(Verification, () => RequirePath(name));
        watch ??= new LoadWatch();
        try
        {
            return Open(path, name, watch, served);
        }
        catch when (watch.IsAborted)
        {
            throw LoadWatch.Refusal();
        }
    }

    private OpenedWallet Open(string path, string name, LoadWatch watch, Action? served)
    {
        var database = Prefixed(Verification, () => WalletDatabase.Open(path, _chain, _files, watch));
        var lackedItsLog = database.LackedItsLog;
        var opened = Serve(
            database,
            () => Prefixed(Loading, () => WalletLoader.Load(database, name, _chain, _settings, _clock, watch)),
            loaded =>
            {
                Prefixed(Loading, () => RequireKind(loaded.Snapshot));
                Prefixed(Loading, () => Admission(loaded.Snapshot));
                watch.Enter("looking ahead");
                var ahead = Apply(database, loaded, TopUp);
                watch.Pass();
                return ahead;
            },
            served);
        return opened with { Doubts = lackedItsLog ? [WithoutLog] : [] };
    }

    /// <summary>Brings a backup back as a wallet of this name and loads it. If that fails nothing of it is left.</summary>
    /// <exception cref="WalletException">With Core's text; or it was ended.</exception>
    public OpenedWallet Restore(string name, string backup, bool? loadOnStart, LoadWatch? watch = null) => Exclusively(name, loadOnStart, () =>
    {
        if (!Path.Exists(backup))
        {
            throw new WalletException(WalletError.InvalidParameter, "Backup file does not exist");
        }

        watch ??= new LoadWatch();
        using var restored = RestoredFile.Begin(PathOf(name));
        Copy(backup, restored, watch);
        restored.Finish();

        // From when it is given out: addresses of it may be in use before this has ended, however it ends.
        return LoadAlone(name, watch, restored.Keep);
    });

    private void Copy(string backup, RestoredFile restored, LoadWatch watch)
    {
        if (FileIdentity.Of(backup) is { } file && All.Find(wallet => wallet.File == file) is { } open)
        {
            watch.Enter("copying the file");
            try
            {
                open.Backup(restored.Unfinished, rest: null, watch);
            }
            catch (WalletException) when (watch.IsAborted)
            {
                throw LoadWatch.Refusal();
            }

            return;
        }

        using var held = _files.Take(backup) ?? throw new WalletException(
            WalletError.Wallet, $"{WalletFile.Unexpected}The file is that of a wallet that is being loaded or unloaded: {backup}");
        if (restored.CopyFrom(backup, watch))
        {
            Prefixed(Verification, restored.TakeLogIn);
        }
    }

    /// <summary>
    /// Unloads a wallet; its file is a single one again when this returns. One whose opener is not through with it yet is unloaded right after.
    /// </summary>
    /// <returns>Warnings.</returns>
    /// <exception cref="WalletException">It is not loaded.</exception>
    public async Task<IReadOnlyList<string>> UnloadAsync(string name, bool? loadOnStart)
    {
        if (Find(name) is null)
        {
            throw NotLoaded();
        }

        using var place = await _places.EnterAsync(PlaceOf(name), CancellationToken.None).ConfigureAwait(false);
        Wallet wallet;
        lock (_gate)
        {
            wallet = Find(name) ?? throw NotLoaded();
            Volatile.Write(ref _loaded, new(_loaded.InOrder.Remove(wallet), _loaded.ByName.Remove(name)));
        }

        await CloseAsync(wallet).ConfigureAwait(false);
        return UpdateSetting(name, loadOnStart);

        static WalletException NotLoaded() => new(WalletError.NotFound, "Requested wallet does not exist or is not loaded");
    }

    // Whatever fails on the way, it ends up closed, and everybody hears of it.
    private async Task CloseAsync(Wallet wallet)
    {
        try
        {
            Unloading?.Invoke(wallet);
        }
        finally
        {
            try
            {
                await wallet.DisposeAsync().ConfigureAwait(false);
            }
            catch (SqliteException error)
            {
                NotStored?.Invoke(wallet, error.Message);
            }
            finally
            {
                Unloaded?.Invoke(wallet);
            }
        }
    }

    /// <summary>Names of all wallets below the directory, loaded or not.</summary>
    public IReadOnlyList<string> ListFiles() => _scan.Names();

    /// <summary>Names that settings.json says to load at start.</summary>
    public IReadOnlyList<string> LoadOnStart() => _startup.Names;

    /// <summary>Whether the next start loads a wallet; null leaves that as it is.</summary>
    /// <returns>Warnings.</returns>
    public IReadOnlyList<string> UpdateSetting(string name, bool? loadOnStart) => _startup.Update(name, loadOnStart);

    /// <summary>
    /// What to load where nobody said it: the wallet without a name, if there is one. The list in settings.json counts it
    /// from the next change on.
    /// </summary>
    public IReadOnlyList<string> AssumeUnnamed()
    {
        if (!_scan.IsWallet(_root))
        {
            return [];
        }

        _startup.Assume("");
        return [""];
    }

    /// <summary>Unloads all, also when one of them fails.</summary>
    /// <exception cref="AggregateException">What failed.</exception>
    public async ValueTask DisposeAsync()
    {
        List<Exception> failures = [];
        foreach (var wallet in All)
        {
            try
            {
                await UnloadAsync(wallet.Name, loadOnStart: null).ConfigureAwait(false);
            }
            catch (WalletException)
            {
                // Somebody else unloads it.
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    // The words of the options are for one wallet, and not for one that is encrypted from birth.
    private NewWalletOptions WithWords(NewWalletOptions options)
    {
        if (options.Passphrase.Length > 0 || options.Mnemonic.Length > 0
            || (options.Flags & (WalletFlags.Blank | WalletFlags.DisablePrivateKeys)) != 0)
        {
            return options;
        }

        var words = Interlocked.Exchange(ref _firstWords, SecretWords.None);
        return options with { Mnemonic = words.Mnemonic, MnemonicPassphrase = words.Passphrase };
    }

    private void RequireKind(WalletSnapshot snapshot)
    {
        var isHd = snapshot.ActiveExternal >= 0 || snapshot.ActiveInternal >= 0;
        if (!snapshot.IsWatchOnly && _settings.UseHd is { } wanted && isHd != wanted)
        {
            throw new WalletException(
                WalletError.Wallet,
                $"Error loading {snapshot.Name}: You can't "
                + (isHd ? "disable HD on an already existing HD wallet" : "enable HD on an already existing non-HD wallet"));
        }
    }

    private static void Prefixed(string prefix, Action open) => Prefixed(prefix, () =>
    {
        open();
        return true;
    });

    private static T Prefixed<T>(string prefix, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (WalletException refusal)
        {
            throw new WalletException(refusal.Error, prefix + refusal.Message, refusal);
        }
    }

    private LoadedWallet Apply(WalletDatabase database, LoadedWallet loaded, Func<LedgerState, ChangeSet> decide)
    {
        using var statements = new DraftStatements(database);
        using var draft = new Draft(statements, loaded.Snapshot, _clock.UnixSeconds);
        draft.Apply(decide(draft.State));
        return loaded with { Snapshot = draft.Commit() };
    }

    // The look-ahead may have been set wider since the file was written.
    private static ChangeSet TopUp(LedgerState state)
    {
        var edit = new LedgerEdit(state);
        foreach (var place in (int[])[state.Snapshot.ActiveExternal, state.Snapshot.ActiveInternal])
        {
            if (place >= 0)
            {
                edit.TopUp(place, state.Snapshot.Settings.KeypoolSize);
            }
        }

        return edit.Build();
    }

    private string PathOf(string name) =>
        Path.Combine(_root, name).TrimEnd(Path.DirectorySeparatorChar) is { Length: > 0 } path ? path : Path.DirectorySeparatorChar.ToString();

    // The same for all spellings of a name; no path can have a zero in it.
    private string PlaceOf(string name) => name.Contains('\0', StringComparison.Ordinal) ? name : Path.GetFullPath(PathOf(name));

    private string RequirePath(string name)
    {
        var path = PathOf(name);
        // A directory, nothing yet, or a file by its plain name; a link only to a directory.
        var isLink = new FileInfo(path).LinkTarget is not null;
        return (isLink ? !Directory.Exists(path) : File.Exists(path) && Path.GetFileName(name) != name)
            ? throw new WalletException(
                WalletError.Wallet,
                $"Invalid -wallet path '{name}'. -wallet path should point to a directory where wallet.dat and "
                + "database/log.?????????? files can be stored, a location where such a directory could be created, or (for "
                + $"backwards compatibility) the name of an existing data file in -walletdir (\"{_root}\")")
            : path;
    }

    // Reads an opened file and gives it out as a wallet, which has the file and the secrets from then on, whatever fails later. What is refused
    // before leaves neither behind.
    private OpenedWallet Serve(
        WalletDatabase database, Func<LoadedWallet> read, Func<LoadedWallet, LoadedWallet> admit, Action? served = null)
    {
        LoadedWallet? loaded = null;
        Wallet wallet;
        try
        {
            loaded = read();
            loaded = admit(loaded);
            wallet = Publish(database, loaded);
        }
        catch
        {
            loaded?.Keys.Dispose();
            database.Dispose();
            throw;
        }

        served?.Invoke();
        Loaded?.Invoke(wallet);
        return new OpenedWallet(wallet, [.. loaded.Warnings, .. _settings.Warnings]);
    }

    private Wallet Publish(WalletDatabase database, LoadedWallet loaded)
    {
        if (_settings.UnsafeSqliteSync)
        {
            database.Execute("PRAGMA synchronous = OFF");
        }

        var wallet = new Wallet(database, loaded, _clock);
        lock (_gate)
        {
            Volatile.Write(ref _loaded, new(_loaded.InOrder.Add(wallet), _loaded.ByName.Add(wallet.Name, wallet)));
        }

        return wallet;
    }

    // Whether the next start loads it is said of one that is loaded, and stays so whatever becomes of that.
    private OpenedWallet Exclusively(string name, bool? loadOnStart, Func<OpenedWallet> open)
    {
        using var place = _places.TryEnter(PlaceOf(name)) ?? throw new WalletException(WalletError.Wallet, "Wallet already loading.");
        var opened = open();
        return opened with { Warnings = [.. opened.Warnings, .. UpdateSetting(name, loadOnStart)] };
    }

    // The loaded wallets twice: to be walked, and to be found by every call without a walk.
    private sealed record Served(ImmutableList<Wallet> InOrder, ImmutableDictionary<string, Wallet> ByName);
}
