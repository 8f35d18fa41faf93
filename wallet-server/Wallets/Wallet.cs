using System.Collections.Immutable;
using System.Threading.Channels;
using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// A loaded wallet. Its writer loop is the only code that changes it: takes what waits, decides on the newest state,
/// stores once, publishes once, answers. Everything else reads <see cref="Snapshot"/> or a <see cref="WalletView"/> and
/// waits for nobody. Any thread may call any member.
/// </summary>
internal sealed class Wallet : IAsyncDisposable
{
    private const int MaxBatch = 64;
    private const int EventsKept = 4096;

    private readonly WalletDatabase _database;
    private readonly DraftStatements _statements;
    private readonly Channel<WriteRequest> _requests =
        Channel.CreateUnbounded<WriteRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _loop;
    private WalletSnapshot _snapshot;
    private readonly CoinTexts _texts = new();
    private readonly KnownReceipts _receipts = new();
    private Exception? _broken;
    private Exception? _trouble;
    private TaskCompletionSource? _nextChange; // made when somebody waits
    private TaskCompletionSource _nextEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _commits;
    private long _commitTicks;
    private int _isDisposed;
    private int _reorganisedFrom;

    /// <summary>Takes over an opened file and its state, and starts the loop.</summary>
    public Wallet(WalletDatabase database, LoadedWallet loaded, Clock clock)
    {
        _database = database;
        _database.GoOn();
        _statements = new DraftStatements(database);
        _snapshot = loaded.Snapshot;
        _reorganisedFrom = _snapshot.StoredReorganisedFrom;
        Keys = loaded.Keys;
        Signer = new LocalSigner(Keys);
        Clock = clock;
        Tries = new PassphraseTries(clock);
        Holds = new Holds();
        Choice = new CoinChoice(this);
        KeysLeftAtLoad = loaded.KeysLeft;
        IsUnknown = loaded.IsUnknown;
        PayTxFee = loaded.Snapshot.Settings.PayTxFee;
        Events = new EventStream<WalletEvent>(EventsKept, loaded.Snapshot.Sequence);
        _loop = Task.Run(WriteLoopAsync);
    }

    /// <summary>The wallet's name.</summary>
    public string Name => _snapshot.Name;

    /// <summary>The data file.</summary>
    public string FilePath => _database.FilePath;

    /// <summary>Which file that is, by whatever name or link it is reached.</summary>
    public FileIdentity? File => _database.Identity;

    /// <summary>What is true now.</summary>
    public WalletSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The secrets.</summary>
    public KeyRing Keys { get; }

    /// <summary>Who signs.</summary>
    public ISigner Signer { get; }

    /// <summary>Slows guessing of the passphrase down.</summary>
    public PassphraseTries Tries { get; }

    /// <summary>The time.</summary>
    public Clock Clock { get; }

    /// <summary>Coins and change keys of payments under way.</summary>
    public Holds Holds { get; }

    /// <summary>Derives keys of addresses that are asked for.</summary>
    public KeysAhead KeysAhead { get; } = new();

    /// <summary>Chooses the coins of payments.</summary>
    public CoinChoice Choice { get; }

    /// <summary>Payments that are being offered to the node.</summary>
    public Offers Offers { get; } = new();

    /// <summary>Whose turn it is among callers that use the same idempotency key.</summary>
    public KeyGate Keyed { get; } = new();

    /// <summary>News of stored changes.</summary>
    public EventStream<WalletEvent> Events { get; }

    /// <summary>Receiving keys left when the file was opened; none in a new one.</summary>
    public int KeysLeftAtLoad { get; }

    /// <summary>Coins that were found to be a masternode's collateral since it was loaded. The following loop's.</summary>
    public ImmutableHashSet<OutPoint> SeenCollaterals { get; set; } = [];

    /// <summary>
    /// Its keys were made at random in this process and nobody was told of them, so nobody can have paid it; until whoever makes it is answered.
    /// </summary>
    public bool IsUnknown { get; set; }

    /// <summary>The user lets the next deep reorganisation happen.</summary>
    public bool AcceptsReorganisation { get; set; }

    /// <summary>
    /// The height from which blocks were taken back, until the chain is as high again; else 0. However many steps and connections
    /// a reorganisation takes, its depth counts from here, also after a restart. The chain loop's.
    /// </summary>
    public int ReorganisedFrom
    {
        get => Volatile.Read(ref _reorganisedFrom);
        set => Volatile.Write(ref _reorganisedFrom, value);
    }

    /// <summary>The fee rate settxfee set, duffs per kB; zero is off. Forgotten at unload, as in Core.</summary>
    public FeeRate PayTxFee { get; set; }

    /// <summary>Why the file is not written any more, or could not be written last time; null while it can.</summary>
    public Exception? Broken => Volatile.Read(ref _broken) ?? Volatile.Read(ref _trouble);

    /// <summary>How many durable writes there were.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>How long they took together.</summary>
    public TimeSpan CommitTime => TimeSpan.FromTicks(Interlocked.Read(ref _commitTicks));

    /// <summary>Lines of the event log after a number, oldest first, and how the log stands.</summary>
    public EventPage EventsSince(long since, int most)
    {
        using var view = OpenView();
        return view.EventsSince(since, most);
    }

    /// <summary>Ends when a line is added to the event log after this call, or the wallet is unloaded.</summary>
    public Task NextEvent => Volatile.Read(ref _nextEvent).Task;

    /// <summary>Ends when a state is published after this call, or the wallet is unloaded.</summary>
    public Task NextChange
    {
        get
        {
            if (Volatile.Read(ref _nextChange) is not { } waited)
            {
                TaskCompletionSource fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
                waited = Interlocked.CompareExchange(ref _nextChange, fresh, null) ?? fresh;
                if (Volatile.Read(ref _isDisposed) != 0)
                {
                    waited.TrySetResult();
                }
            }

            return waited.Task;
        }
    }

    /// <summary>Hears what was looked at again, when it is stored; is not to wait. One at most.</summary>
    public Action<LookedAgain> HearsLookedAgain { get; set; } = static _ => { };

    /// <summary>What changed lately, for lists that are kept.</summary>
    public RecentChanges Recent { get; } = new();

    /// <summary>What a caller asked for under a key before; null if nothing.</summary>
    public SpendRequest? FindRequest(string key)
    {
        using var view = OpenView();
        return view.FindRequest(key);
    }

    /// <summary>Changes the wallet; the answer comes when the change is durable.</summary>
    /// <param name="decide">Decides on the newest state. Pure: it may run later, on another thread.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public Task<T> ChangeAsync<T>(Func<LedgerState, Decision<T>> decide, CancellationToken ct)
    {
        var request = new WriteRequest<T>(decide, ct);
        if (!_requests.Writer.TryWrite(request))
        {
            throw new WalletException(WalletError.NotFound, "Requested wallet does not exist or is not loaded");
        }

        return request.Answer;
    }

    /// <summary>A consistent look at hot and cold parts together. Dispose it soon.</summary>
    /// <exception cref="WalletException">It is being unloaded; or a write failed so that nobody knows what the file holds.</exception>
    public WalletView OpenView() => WalletView.Open(_database, () => Snapshot, () => Volatile.Read(ref _broken), _texts, _receipts);

    /// <summary>Gives memory back if nobody has used the wallet's file since the last call.</summary>
    /// <returns>Whether there was some.</returns>
    public bool Rest()
    {
        var isQuiet = _database.Rest();
        if (isQuiet)
        {
            _receipts.Clear();
            Choice.Rest();
        }

        return isQuiet;
    }

    /// <summary>Copies the wallet to a file while it is in use.</summary>
    public void Backup(string target, BackupPace? rest = null, LoadWatch? watch = null) => WalletBackup.Write(_database, target, rest, watch);

    /// <summary>Ends the loop after what waits, stores the chain position, and leaves one single file.</summary>
    /// <exception cref="SqliteException">The position could not be stored, which is safe to be behind; all the rest is done.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            _requests.Writer.TryComplete();
            await _loop.ConfigureAwait(false);
            await _database.DrainAsync().ConfigureAwait(false);
            if (_broken is null)
            {
                using var draft = new Draft(_statements, _snapshot, Clock.UnixSeconds) { ReorganisedFrom = ReorganisedFrom };
                draft.StoreProgress();
                _snapshot = draft.Commit();
            }
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        Events.Complete();
        Volatile.Read(ref _nextEvent).TrySetResult();
        Volatile.Read(ref _nextChange)?.TrySetResult();
        Keys.Dispose();
        Tries.Dispose();
        _statements.Dispose();
        _database.Dispose();
    }

    private async Task WriteLoopAsync()
    {
        while (await _requests.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = TakeWaiting();
            if (_broken is not null)
            {
                FailAll(batch, _broken);
                continue;
            }

            try
            {
                using (ThreadTurns.BeginWork())
                {
                    Store(batch);
                }
            }
            catch (SqliteException error) when (DiskTrouble.Explain(error) is { } reason)
            {
                TakeBack(batch, new(WalletError.DiskFull, reason, error));
            }
            catch (UnreadableException error)
            {
                TakeBack(batch, new(error.MayPass ? WalletError.DiskFull : WalletError.Wallet, error.Message, error));
            }
            catch (Exception error)
            {
                // The snapshot is as it was; what the disk holds is the last commit. Until reloaded nothing is written.
                WalletException broken = new(WalletError.Wallet, $"The wallet's file could not be written: {error.Message}", error);
                Volatile.Write(ref _broken, broken);
                FailAll(batch, broken);
            }
        }
    }

    private void Store(List<WriteRequest> batch)
    {
        var events = new List<WalletEvent>();
        var applied = new List<(WalletSnapshot Before, ChangeSet Changes, WalletSnapshot After, IReadOnlyList<ulong> Scripts)>();
        var hasNewDescriptors = false;
        var shared = _snapshot.Scripts.SharedCount;
        using (var draft = new Draft(_statements, _snapshot, Clock.UnixSeconds) { ReorganisedFrom = ReorganisedFrom })
        {
            foreach (var request in batch)
            {
                var changes = request.Decide(draft.State);
                var earlier = draft.Snapshot;
                var scripts = draft.Apply(changes);
                hasNewDescriptors |= changes.Keychains.Any(change => change.Key >= _snapshot.Keychains.Length);
                if (!changes.IsEmpty)
                {
                    applied.Add((earlier, changes, draft.Snapshot, scripts));
                    events.Add(WalletEvent.Of(draft.Snapshot, changes));
                }
            }

            if (hasNewDescriptors || _snapshot.Scripts.SharedCount != shared)
            {
                _texts.Clear();
            }

            var begun = Clock.GetTimestamp();
            var before = _snapshot;
            var after = draft.Commit();
            foreach (var (earlier, changes, later, scripts) in applied)
            {
                Recent.Note(earlier, changes, later, scripts);
            }

            Volatile.Write(ref _snapshot, after);
            if (after.StoredSequence != before.StoredSequence)
            {
                Volatile.Write(ref _trouble, null);
                Interlocked.Increment(ref _commits);
                Interlocked.Add(ref _commitTicks, Clock.GetElapsedTime(begun).Ticks);
            }

            Interlocked.Exchange(ref _nextChange, null)?.TrySetResult();
            if (after.NextEvent != before.NextEvent)
            {
                Interlocked.Exchange(ref _nextEvent, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
        }

        foreach (var news in events)
        {
            Events.Publish(news);
        }

        foreach (var request in batch)
        {
            request.Complete();
        }

        _database.KeepLogShort();
    }

    private List<WriteRequest> TakeWaiting()
    {
        var batch = new List<WriteRequest>();
        while (batch.Count < MaxBatch && _requests.Reader.TryRead(out var request))
        {
            batch.Add(request);
        }

        return batch;
    }

    // As a whole; whoever asks next tries again.
    private void TakeBack(List<WriteRequest> batch, WalletException refusal)
    {
        Volatile.Write(ref _trouble, refusal);
        FailAll(batch, refusal);
    }

    private static void FailAll(List<WriteRequest> batch, Exception error)
    {
        foreach (var request in batch)
        {
            request.Fail(error);
        }
    }
}
