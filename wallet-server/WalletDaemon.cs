using System.Diagnostics.CodeAnalysis;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Dash.Rpc.Control;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Dash.WalletServer.Keys;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Rpc;
using Dash.WalletServer.Rpc.Events;
using Dash.WalletServer.Rpc.Lists;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer;

/// <summary>Builds the wallet daemon's parts, in the order in which they need each other; they end in the opposite order.</summary>
internal sealed partial class WalletDaemon
{
    private const string Name = "dash-wallet";
    private const string CookieFile = ".cookie-wallet";
    private const string LogFile = "wallet-debug.log";

    // Beside a node on the same machine: one below the node's port.
    private const int PortDistance = 1;

    // A node that is there answers within milliseconds, a busy one within a moment. What needs none does not wait longer for it.
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(2);

    private readonly Daemon _daemon;
    private readonly Options _options;
    private readonly ChainParams _chain;
    private readonly ILogger _log;
    private readonly WalletIpc _ipc;
    private readonly AttachedNode _node;
    private readonly WalletDirectory _wallets;
    private readonly WalletLoads _loads;
    private readonly ChainSync _sync;
    private readonly RpcDispatcher _dispatcher;
    private readonly WalletHealth _health;

    private WalletDaemon(Daemon daemon)
    {
        _daemon = daemon;
        _options = daemon.Options;
        _chain = ChainParams.ByName(_options.NetworkName)
            ?? throw new StartupException($"The network {_options.Chain} is not supported yet");
        _log = daemon.Log.CreateLogger(LogCategory.None);
        _ipc = new WalletIpc(daemon);
        _node = new AttachedNode { Stopping = daemon.Stopping };
        _wallets = daemon.Own(new WalletDirectory(
            WalletsRoot(), _chain, WalletOptions.ReadSettings(_options), _options.SettingsFile, daemon.Clock));
        _loads = daemon.Own(new WalletLoads(_wallets, daemon.Clock, daemon.Stopping));
        Rebroadcast rebroadcast = new(_node, _wallets, daemon.Clock, _log);
        _sync = new ChainSync(_wallets, _node, rebroadcast, _chain, daemon.Clock, _log)
        {
            AdvanceScheduler = span =>
            {
                if (_chain.IsMockable)
                {
                    daemon.Scheduler.Advance(span);
                }
            },
        };
        (_dispatcher, _health) = MakeDispatcher();
        WatchWallets();
        daemon.Scheduler.Every("rebroadcast", Rebroadcast.Interval, ct => rebroadcast.ResendAsync(_sync.StatusOf, ct));
    }

    /// <summary>
    /// Does this command line ask for the daemon? It does with -server, -ipcbind, -ipcconnect or -ipcfd, or when it only asks for help.
    /// Options of a configuration file don't count: it may be the node's.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="refusal">What to say if it does not.</param>
    public static bool IsAskedFor(IReadOnlyList<string> args, [NotNullWhen(false)] out string? refusal)
    {
        try
        {
            var options = Options.ParseCommandLine(WalletOptions.All, args);
            var asksForDaemon = options.IsSet(WalletOptions.IpcConnect) || options.IsSet(WalletOptions.IpcBind) || options.IsSet(WalletOptions.IpcFd)
                || (options.IsSet(HttpOptions.Server) && options[HttpOptions.Server]);
            refusal = options.AsksForHelp || options.AsksForVersion || asksForDaemon
                ? null
                : $"No method provided. Run `{Name} -help` for valid methods.";
        }
        catch (OptionException e)
        {
            refusal = e.Message.TrimEnd('\n');
        }

        return refusal is null;
    }

    /// <summary>Runs the daemon to its end.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var isRefused = false;
        var code = await DaemonProgram.RunAsync(
            new DaemonProfile(Name, WalletOptions.All)
            {
                Usage = $"Usage:  {Name} -server [-ipcconnect=<address>] [options]\n"
                    + $"        {Name} [-datadir=<dir>] [-wallet=<name>] info|create|dump|createfromdump|wipetxes|salvage\n\n"
                    + "The wallet daemon answers for wallets, attached to a dash-node or without one.\n"
                    + "With a command it is a tool for wallet files that no daemon has open; -dumpfile, -format, -descriptors and\n"
                    + "-legacy are for its commands.\n",
                LockFile = ".lock-wallet",
                PidFile = $"{Name}.pid",
                LogFile = LogFile,
                IsChild = options => options.IsSet(WalletOptions.IpcFd),
            },
            args,
            async daemon =>
            {
                if (daemon.Options[WalletOptions.IpcFd] is { } descriptor)
                {
                    isRefused = !await StartAsChildAsync(daemon, descriptor);
                }
                else
                {
                    await new WalletDaemon(daemon).StartAloneAsync();
                }
            });
        return isRefused ? 1 : code;
    }

    private string LoadedNotePath => Path.Combine(_daemon.Directory.Network, LoadedNote.FileName);

    // On its own: with its own listener, with a node or without.
    private async Task StartAloneAsync()
    {
        RpcPorts.Require(_options, HttpOptions.Port);
        var nodes = _ipc.Remotes(_options[WalletOptions.IpcConnect]);

        await StartHealthAsync();

        // The port opens first, so that a caller hears what the daemon is doing; it also closes first.
        var endpoint = _options[HttpOptions.Server]
            ? await RpcEndpoint.StartAsync(
                _options, _dispatcher, new RpcEndpointDefaults(RpcPorts.Default(_chain.Name) - PortDistance, CookieFile),
                _daemon.Clock, _daemon.Log, _daemon.Stopping, new WalletEventStreams(_wallets))
            : null;
        _health.Endpoint = endpoint;
        try
        {
            _ipc.Listen(_options[WalletOptions.IpcBind], _dispatcher, WalletMethods.All);
            await LoadWalletsAsync(null);
            var rescans = Task.WhenAll(_wallets.All.Select(_sync.RescanLoadedAsync));
            _daemon.Run("rescan", ct => rescans.WaitAsync(ct));
        }
        catch
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }

            throw;
        }

        _daemon.Run("scheduler", _daemon.Scheduler.RunAsync);
        var heard = Task.CompletedTask;
        if (nodes.Count > 0)
        {
            NodeConnector connector = new(nodes, _chain, _node, NodeConnector.Dialer(_ipc.Options), TimeProvider.System, _log, _sync);
            _daemon.Run("node", ct => connector.RunAsync(FollowAsync, ct));
            heard = connector.Heard;
        }

        if (endpoint is not null)
        {
            _daemon.Own(endpoint);
            _daemon.Run("http", endpoint.RunAsync);
        }

        // Who calls as soon as calls are answered finds the node attached if it is there: else the first payment would be refused.
        _dispatcher.Warmup.Report("Connecting to the node…");
        await Task.WhenAny(heard, Task.Delay(NodePatience, TimeProvider.System, _daemon.Stopping));
        _dispatcher.Warmup.Finish();
    }

    // As the child of a node: calls come from there, and the end comes from there. What goes wrong is for it to say.
    private static async Task<bool> StartAsChildAsync(Daemon daemon, string descriptor)
    {
        var ipc = WalletIpc.Read(daemon);
        var parent = daemon.Own(await MeetParentAsync(descriptor, ipc, daemon.Stopping));
        try
        {
            await new WalletDaemon(daemon).StartForAsync(parent);
        }
        catch (Exception e) when (e is StartupException or OptionException)
        {
            await parent.RefuseAsync(e.Message, daemon.Stopping);
            daemon.Stop();
            return false;
        }

        return true;
    }

    private async Task StartForAsync(ParentProcess parent)
    {
        await StartHealthAsync();
        await parent.RegisterAsync(WalletMethods.All, _dispatcher, _daemon.Stopping);
        var minRelay = await parent.MinRelayAsync(_daemon.Stopping);

        // What served before goes on, whatever the node has pruned meanwhile.
        _sync.Ahead = _options[WalletOptions.IpcAgain] is null ? parent.Session : null;
        await LoadWalletsAsync(minRelay);
        _sync.Ahead = null;
        LoadedNote.Keep(_wallets, LoadedNotePath, reason => LogNotNoted(_log, LoadedNotePath, reason), _daemon.Stopping);
        _daemon.Run("scheduler", _daemon.Scheduler.RunAsync);
        _daemon.Run("node", ct => parent.RunAsync(
            _node, _chain, _sync.FollowAsync, _daemon.Stop, TimeProvider.System, _log, ct));
        await Task.WhenAll([parent.Attached, .. _wallets.All.Select(_sync.RescanLoadedAsync)]).WaitAsync(_daemon.Stopping);
        _dispatcher.Warmup.Finish();
        await parent.ReadyAsync("", _daemon.Stopping);
    }

    private static async Task<ParentProcess> MeetParentAsync(string descriptor, IpcOptions ipc, CancellationToken ct)
    {
        try
        {
            // A node that starts a wallet does much else in that moment.
            var patient = ipc with { Limits = ipc.Limits with { HandshakeTimeout = TimeSpan.FromMinutes(1) } };
            return await ParentProcess.ConnectAsync(InheritedSocketTransport.Open(descriptor), patient, ct);
        }
        catch (FormatException e)
        {
            throw new StartupException(e.Message, e);
        }
        catch (IpcException e)
        {
            throw new StartupException($"The process that started this one with -ipcfd is no node: {e.Message}", e);
        }
    }

    private async Task StartHealthAsync()
    {
        // Beside a node, whose dash.conf it reads too, -healthbind is the node's.
        if ((HealthOptions.Place(_options, WalletOptions.WalletHealthBind)
            ?? (_options[WalletOptions.IpcFd] is null ? HealthOptions.Place(_options, HealthOptions.Bind) : null)) is { } bind)
        {
            _daemon.Own(await HealthEndpoint.StartAsync(bind, _health.Report, _health.Write, _daemon.Stopping));
        }
    }

    private (RpcDispatcher Dispatcher, WalletHealth Health) MakeDispatcher()
    {
        RpcTable table = new();
        ActiveCommands active = new(_daemon.Clock);
        var answers = _options[WalletOptions.AnswerCache] is > 0 and var mebibytes
            ? _daemon.Own(new KnownAnswers((long)mebibytes << 20, TimeProvider.System))
            : null;
        var lists = answers is null ? null : new WalletLists(answers);
        if (lists is not null)
        {
            _wallets.Unloading += lists.Drop;
        }

        WalletContext context = new()
        {
            Wallets = _wallets,
            Loads = _loads,
            Sync = _sync,
            Node = _node,
            Spender = new Spender(_node, _log) { StatusOf = _sync.StatusOf },
            Clock = _daemon.Clock,
            Lists = lists,
        };
        table.Add(
            ControlMethods.All(ControlContext.Of(_daemon, table, active, hasMockTime: _chain.Name == ChainNames.Regtest) with
            {
                MoreInfo = writer => writer.WriteNodeStatus(_sync.StatusOf(null)),
                MoreInfoResults = [NodeStatusJson.Result],
            }),
            static invocation => new RpcCall(invocation));
        table.Add(WalletMethods.All, invocation => WalletCall.Of(invocation, context), OnceOnly.Around);
        RpcDispatcher dispatcher = new(table, _daemon.Log)
        {
            Active = active,
            Translate = WalletErrors.Translate,
            States = new WalletStates(_wallets),
            Permissions = HttpOptions.ReadPermissions(_options),
            Answers = answers,
            ChecksResults = _options[HttpOptions.DocCheck],
        };
        return (dispatcher, new WalletHealth(context, dispatcher));
    }

    private string WalletsRoot()
    {
        var network = _daemon.Directory.Network;
        var given = _options.IsNegated(WalletOptions.WalletDir) ? "" : _options[WalletOptions.WalletDir];
        if (given is null)
        {
            var usual = Path.Combine(network, "wallets");
            return Directory.Exists(usual) ? usual : network;
        }

        return Directory.Exists(given)
            ? Path.IsPathRooted(given)
                ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(given))
                : throw new StartupException($"Specified -walletdir \"{given}\" is a relative path")
            : throw new StartupException(
                File.Exists(given)
                    ? $"Specified -walletdir \"{given}\" is not a directory"
                    : $"Specified -walletdir \"{given}\" does not exist");
    }

    // What follows wallets from outside: copies of them, commands of the user's.
    private void WatchWallets()
    {
        var backups = Path.Combine(_daemon.Directory.Network, "backups");
        if (_options[WalletOptions.WalletBackupsDir] is { } given && Directory.Exists(given))
        {
            backups = given;
        }

        _wallets.ScanFailed += (path, reason) => LogScanFailed(_log, path, reason);
        _wallets.NotStored += (wallet, reason) => LogNotStored(_log, wallet.ShownName, reason);
        UnlockUnattended();
        AutoBackups copies = new(backups, _options[WalletOptions.CreateWalletBackups], _daemon.Clock, _log);
        _wallets.Loaded += copies.Make;
        _wallets.Unloading += copies.Stop;
        UnloadedMemory memory = new(_wallets, TimeProvider.System);
        _wallets.Unloaded += memory.Unloaded;
        if (_dispatcher.Answers is { } answers)
        {
            answers.Forgot += memory.Forgot;
        }

        _daemon.Run("memory", memory.RunAsync);
        _daemon.Run("quiet wallets", new QuietWallets(_wallets, TimeProvider.System).RunAsync);
        var (changed, locked) = (_options[WalletOptions.WalletNotify], _options[WalletOptions.InstantSendNotify]);
        if (!string.IsNullOrEmpty(changed) || !string.IsNullOrEmpty(locked))
        {
            WalletNotifier notifier = new(NullIfEmpty(changed), NullIfEmpty(locked), _log);
            _daemon.Run("notify", ct => notifier.RunAsync(_wallets, _daemon.Clock, ct));
        }

        if (_options[WalletOptions.ZmqPubWalletEvent] is { Count: > 0 } addresses)
        {
            var publisher = _daemon.Own(WalletZmq.Open(addresses, _options[WalletOptions.ZmqPubWalletEventHwm]));
            _daemon.Run("zmq", ct => publisher.RunAsync(_wallets, _daemon.Clock, ct));
        }

        if (_options[WalletOptions.WalletWebhook] is { Count: > 0 } receivers)
        {
            var webhooks = _daemon.Own(WalletWebhooks.Open(receivers, _options[WalletOptions.WalletWebhookSecretFile], _daemon.Clock, _log));
            _health.Webhooks = webhooks;
            _daemon.Run("webhook", ct => webhooks.RunAsync(_wallets, ct));
        }

        static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
    }

    private void UnlockUnattended()
    {
        var places = _options[WalletOptions.WalletPassphraseFile];
        PassphraseFiles files;
        try
        {
            if (_options[WalletOptions.IpcFd] is not null)
            {
                SecretFile.RefuseDescriptors(places);
            }

            files = _daemon.Own(PassphraseFiles.Read(places, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Cannot use -walletpassphrasefile: {e.Message}", e);
        }

        if (!files.IsEmpty)
        {
            _wallets.Loaded += wallet =>
            {
                if (wallet.Keys.IsEncrypted)
                {
                    LogUnattended(_log, wallet.ShownName, files.Unlock(wallet) ? "unlocked by a passphrase file" : "not unlocked: no passphrase file fits");
                }
            };
        }
    }

    private async Task LoadWalletsAsync(FeeRate? minRelay)
    {
        if (minRelay is { } least)
        {
            WalletOptions.RequireRelayed(_options, least);
        }

        // Without any -wallet the one without a name is loaded if there is one.
        var names = _options.IsSet(WalletOptions.Wallet) ? _options[WalletOptions.Wallet] : _wallets.AssumeUnnamed();
        if (_options[WalletOptions.IpcAgain] is not null)
        {
            names = LoadedNote.Read(LoadedNotePath) ?? names;
        }

        foreach (var warning in WalletOptions.StartWarnings(_options, names.Count > 0 ? minRelay : null))
        {
            await WarnAsync(warning);
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var name in names)
        {
            _daemon.Stopping.ThrowIfCancellationRequested();
            _dispatcher.Warmup.Report("Loading wallet…");
            if (!seen.Add(Path.Combine(_wallets.Root, name)))
            {
                await WarnAsync($"Ignoring duplicate -wallet {name}.");
                continue;
            }

            await LoadAsync(name);
        }
    }

    private async Task LoadAsync(string name)
    {
        try
        {
            if ((await _loads.Load(name, loadOnStart: null).Done).Warnings is { Count: > 0 } warnings)
            {
                await WarnAsync(string.Join('\n', warnings));
            }
        }
        catch (WalletException refused) when (refused.Error == WalletError.NotFound && !Path.Exists(Path.Combine(_wallets.Root, name)))
        {
            await WarnAsync($"Skipping -wallet path that doesn't exist. {refused.Cause}");
        }
        catch (WalletException refused)
        {
            _daemon.Stopping.ThrowIfCancellationRequested();
            throw new StartupException(refused.Cause, refused);
        }
    }

    // What the node's own child is refused at the start for is known here only now, and may be another node's tomorrow.
    private async Task FollowAsync(NodeSession session, CancellationToken ct)
    {
        foreach (var refusal in WalletOptions.BelowRelay(_options, await session.MinRelayAsync(ct)))
        {
            await WarnAsync(refusal);
        }

        await _sync.FollowAsync(session, ct);
    }

    private async Task WarnAsync(string text)
    {
        var line = "Warning: " + text;
        LogWarning(_log, line);
        await Console.Error.WriteLineAsync(line);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "ListDatabases: Error scanning {Path}: {Reason}")]
    private static partial void LogScanFailed(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Wallet}] How far it had followed the chain could not be stored, and is made good when it is loaded again: {Reason}")]
    private static partial void LogNotStored(ILogger log, string wallet, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which wallets are loaded could not be noted in {Path}: {Reason}")]
    private static partial void LogNotNoted(ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] {What}")]
    private static partial void LogUnattended(ILogger logger, string wallet, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void LogWarning(ILogger logger, string line);
}
