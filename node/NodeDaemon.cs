using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Node.Chain;
using Dash.Node.Indexes;
using Dash.Node.Mempool;
using Dash.Node.Mining;
using Dash.Node.Net;
using Dash.Node.Rpc;
using Dash.Node.Rpc.Rest;
using Dash.Node.Services;
using Dash.Node.Services.Zmq;
using Dash.Node.Storage;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Dash.Rpc.Control;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging;

namespace Dash.Node;

/// <summary>Builds the node's parts, in the order in which they need each other; they end in the opposite order.</summary>
internal sealed class NodeDaemon(Daemon daemon, IReadOnlyList<string> arguments)
{
    private const string WalletProgram = "dash-wallet";

    // For a wallet process in the place of one that went: it loads what that one had loaded.
    private const string LoadsAgain = "-ipcagain=1";
    private const string ToRecover = ".\nPlease restart with -reindex or -reindex-chainstate to recover.";

    private readonly Options _options = daemon.Options;
    private readonly ChainParams _network = NetworkOptions.Read(daemon.Options);

    private Func<CancellationToken, Task>? _alert;

    /// <summary>Starts everything; returns when the node answers calls.</summary>
    public async Task StartAsync()
    {
        RequirePorts();
        RpcTable table = new();
        RpcDispatcher dispatcher = new(table, daemon.Log)
        {
            Translate = NodeErrors.Translate,
            Permissions = HttpOptions.ReadPermissions(_options),
            ChecksResults = _options[HttpOptions.DocCheck],
        };

        NodeHealth health = new(dispatcher, hasWallet: _options[NodeOptions.IpcConnect] is { Count: > 0 } || !_options[NodeOptions.DisableWallet]);
        if (HealthOptions.Place(_options, HealthOptions.Bind) is { } bind)
        {
            daemon.Own(await HealthEndpoint.StartAsync(bind, health.Report, health.Write, daemon.Stopping));
        }

        // The port opens while the chain does, so that a caller hears what the node is doing; it also closes first.
        Report(dispatcher, "Loading block index…");
        var indexSettings = IndexOptions.Read(_options);
        var chainOptions = ChainOptions.Read(_options, daemon.Directory.Network, _network, indexSettings.CacheOf);
        var opening = Task.Run(() => OpenChainstate(chainOptions));
        var rest = _options[HttpOptions.Rest] ? new RestPages(dispatcher) : null;
        RpcEndpoint? endpoint = null;
        try
        {
            endpoint = _options[HttpOptions.Server]
                ? await RpcEndpoint.StartAsync(
                    _options, dispatcher, RpcEndpointDefaults.Node(_options.Chain), daemon.Clock, daemon.Log, daemon.Stopping, pages: rest)
                : null;
        }
        catch
        {
            // What keeps the port from opening is the reason; the chain is closed again if it was there.
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully)
            {
                (await opening).Dispose();
            }

            throw;
        }

        health.Endpoint = endpoint;
        try
        {
            await BuildAsync(await opening, indexSettings, chainOptions, table, dispatcher, rest, health);
        }
        catch
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }

            throw;
        }

        if (endpoint is not null)
        {
            daemon.Own(endpoint);
            daemon.Run("http", endpoint.RunAsync);
        }

        dispatcher.Warmup.Finish();
    }

    private async Task BuildAsync(
        Chainstate opened,
        IndexSettings indexSettings,
        ChainstateOptions chainOptions,
        RpcTable table,
        RpcDispatcher dispatcher,
        RestPages? rest,
        NodeHealth health)
    {
        Run("scheduler", daemon.Scheduler.RunAsync);
        var chainstate = daemon.Own(opened);
        var policy = ReadPolicy();
        Validation validation = new(chainstate, daemon.Log);
        MempoolGate mempool = new(chainstate, validation, policy, daemon.Clock, daemon.Log);
        if (_alert is not null)
        {
            daemon.Run("alertnotify", _alert);
        }

        var indexes = daemon.Own(OpenIndexes(indexSettings, chainOptions, chainstate));
        var importer = StartValidation(chainstate, validation, mempool);
        foreach (var index in indexes.Running)
        {
            Run(index.Name, index.RunAsync);
        }

        if (SequenceFile.Create(daemon.Directory.Network, daemon.Log.CreateLogger(LogCategory.Ipc)) is { } sequence)
        {
            chainstate.Events.Published = daemon.Own(sequence);
        }

        var subscribers = daemon.Own(new ChainSubscribers(chainstate.Events, daemon.Clock, daemon.Log));
        ChainFeedService MakeFeed() => new(chainstate, mempool, subscribers, filters: indexes.BlockFilters);
        Report(dispatcher, "Loading P2P addresses…");
        Report(dispatcher, "Loading banlist…");
        BlockAssembler assembler = new(chainstate, mempool.Owned, ReadMining(), daemon.Clock);
        PeerNetwork peers = new(_options, daemon.Directory.Network, chainstate, validation, mempool, indexes.BlockFilters, daemon.Scheduler, daemon.Clock, daemon.Log);
        if (peers.Reduction is { } fewer)
        {
            daemon.Warn(fewer);
        }

        peers.Surroundings.Reach.Warnings.ToList().ForEach(daemon.Warn);
        health.Watch(chainstate, mempool, peers);
        var zmq = ZmqPublisher.Open(ZmqOptions.Read(_options), chainstate, daemon.Log);
        if (zmq is not null)
        {
            daemon.Own(zmq);
            daemon.Run("zmq", zmq.RunAsync);
        }

        NodeContext context = new()
        {
            Network = _network,
            Chainstate = chainstate,
            Validation = validation,
            Mempool = mempool,
            Generator = new BlockGenerator(validation, assembler),
            Peers = peers,
            Assembler = assembler,
            Templates = new TemplateSource(assembler, mempool.Owned, daemon.Clock),
            Echo = new EchoService().EchoAsync,
            Zmq = zmq,
            Clock = daemon.Clock,
            Directory = daemon.Directory.Network,
            DeprecatedMethods = _options[HttpOptions.DeprecatedRpc].ToHashSet(),
            Indexes = indexes,
            SignerCommand = _options[NodeOptions.Signer],
            WaitForWallets = subscribers.CaughtUpAsync,
        };
        rest?.Open(context);
        table.Add(NodeMethods.All, call => new NodeCall(call, context));
        table.Add(
            ControlMethods.All(ControlContext.Of(daemon, table, dispatcher.Active, _network.IsMockable) with
            {
                AnnounceMockTime = subscribers.AnnounceMockTimeAsync,
                AdvanceScheduler = async (span, ct) =>
                {
                    daemon.Scheduler.Advance(span);
                    await subscribers.AdvanceSchedulerAsync(span, ct);
                },
            }),
            call => new RpcCall(call));

        if (_options[ChainOptions.BlockNotify] is { Length: > 0 } command)
        {
            daemon.Run("blocknotify", new ChainNotifier(chainstate, command, daemon.Log).RunAsync);
        }

        await ConnectStoredAsync(chainstate, importer);
        NodeIpc ipc = new(daemon);
        ipc.Listen(_options[NodeOptions.IpcBind], _options[NodeOptions.IpcMaxMessage], MakeFeed, dispatcher);
        if (_options[NodeOptions.IpcConnect] is { Count: > 0 } wallets)
        {
            ipc.Connect(wallets, table);
        }
        else if (!_options[NodeOptions.DisableWallet])
        {
            Report(dispatcher, "Verifying wallet(s)…");
            Report(dispatcher, "Loading wallet…");
            await StartWalletAsync(MakeFeed, table, ipc.Options);
        }

        Report(dispatcher, "Starting network threads…");
        peers.Listen().ToList().ForEach(daemon.Complain);
        daemon.Run("net", peers.RunAsync);
        Report(dispatcher, "Done loading");
    }

    private void Report(RpcDispatcher dispatcher, string doing)
    {
        var log = daemon.Log.CreateLogger(LogCategory.None);
        Services.Log.InitMessage(log, doing);
        dispatcher.Warmup.Report(doing);
    }

    private void Run(string name, Func<CancellationToken, Task> service)
    {
        var log = daemon.Log.CreateLogger(LogCategory.None);
        Services.Log.ThreadStarted(log, name);
        daemon.Run(name, service);
    }

    // The mempool is stored when nothing changes it any more.
    private BlockImporter StartValidation(Chainstate chainstate, Validation validation, MempoolGate mempool)
    {
        var path = daemon.Directory.PathOf(MempoolFile.Name);
        var feesPath = daemon.Directory.PathOf("fee_estimates.dat");
        var isKept = _options[NodeOptions.PersistMempool];
        mempool.LoadFees(feesPath);
        daemon.AtEnd("mempool", () =>
        {
            if (isKept && mempool.IsLoaded)
            {
                mempool.Save(path);
            }

            mempool.SaveFees(feesPath);
            return Task.CompletedTask;
        });

        daemon.Run("validation", validation.RunAsync);
        BlockImporter importer = new(chainstate, validation, daemon.Clock, daemon.Log);
        Run("loadblk", async ct =>
        {
            await importer.RunAsync(_options[ChainOptions.LoadBlock], ct);
            if (_options[ChainOptions.StopAfterBlockImport])
            {
                importer.LogStop();
                daemon.Stop();
                return;
            }

            await mempool.LoadAsync(isKept ? path : null, ct);
        });
        return importer;
    }

    // After a crash the last blocks are connected again: nobody should see the chain without them. Only when there is more
    // to do than that, callers are answered meanwhile.
    private Task ConnectStoredAsync(Chainstate chainstate, BlockImporter importer) =>
        chainstate.IsReindexing || _options[ChainOptions.ReindexChainstate] || _options[ChainOptions.LoadBlock].Count > 0
            ? Task.CompletedTask
            : importer.Connected.WaitAsync(daemon.Stopping);

    private Chainstate OpenChainstate(ChainstateOptions options)
    {
        RequireSpace(daemon.Directory.Network);
        try
        {
            var chainstate = Chainstate.Open(options, _network, daemon.Clock, daemon.Log, daemon.Stopping);
            chainstate.StopHeightReached = daemon.Stop;
            WarnOfGovernance(chainstate);
            if (_options[ChainOptions.AlertNotify] is { Length: > 0 } command)
            {
                TaskCompletionSource<string> alert = new(TaskCreationOptions.RunContinuationsAsynchronously);
                chainstate.TipReport.Alerted = warning => alert.TrySetResult(warning);
                _alert = async ct => await ShellCommand.RunAsync(
                    ShellCommand.Fill(command, await alert.Task.WaitAsync(ct)), daemon.Log.CreateLogger(LogCategory.None), ct);
            }

            RequireSpace(options.BlocksDirectory);
            return chainstate;
        }
        catch (StorageException e) when (options.Reindex || e.Message == DiskSpace.TooLow)
        {
            throw new StartupException(e.Message, e);
        }
        catch (StorageException e)
        {
            throw new StartupException(e.Message + ToRecover, e) { Caption = "" }; // dashd asks here, and has no caption
        }
    }

    private void WarnOfGovernance(Chainstate chainstate)
    {
        var isPruning = chainstate.Pruning.Target is not null;
        if (isPruning || _options[ChainOptions.DisableGovernance])
        {
            daemon.Warn("You are starting with governance validation disabled."
                + (isPruning ? " This is expected because you are running a pruned node." : ""));
        }
    }

    private ChainIndexes OpenIndexes(IndexSettings settings, ChainstateOptions options, Chainstate chainstate)
    {
        AddressIndexes addresses;
        try
        {
            var isFresh = chainstate.IsReindexing || options.ReindexChainstate;
            addresses = new AddressIndexes(settings.Addresses, chainstate, isFresh);
        }
        catch (StorageException e)
        {
            throw new StartupException(e.Message + ToRecover, e) { Caption = "" }; // dashd asks here, and has no caption
        }

        try
        {
            return new ChainIndexes(
                settings, addresses, daemon.Directory.Network, options, chainstate, daemon.Log.CreateLogger(LogCategory.None));
        }
        catch (StorageException e)
        {
            throw new StartupException(e.Message, e);
        }
    }

    // Devnets have no ports of their own: who runs several would meet another's node.
    private void RequirePorts()
    {
        RpcPorts.Require(_options, NetOptions.Port);
        RpcPorts.Require(_options, HttpOptions.Port);
        if (!_options.IsSet(BaseOptions.Devnet))
        {
            return;
        }

        if (ReachConfiguration.WouldListen(_options) && !_options.IsSet(NetOptions.Port))
        {
            throw new StartupException("-port must be specified when -devnet and -listen are specified");
        }

        if (_options[HttpOptions.Server] && !_options.IsSet(HttpOptions.Port))
        {
            throw new StartupException("-rpcport must be specified when -devnet and -server are specified");
        }

        if (_options.Values(BaseOptions.Devnet).Count > 1)
        {
            throw new StartupException("-devnet can only be specified once");
        }
    }

    private static void RequireSpace(string directory)
    {
        if (!DiskSpace.Has(directory))
        {
            throw new StartupException($"Error: Disk space is low for \"{directory}\"");
        }
    }

    private async Task StartWalletAsync(Func<IChainFeed> makeFeed, RpcTable table, IpcOptions ipc)
    {
        var log = daemon.Log.CreateLogger(LogCategory.None);
        var path = Path.Combine(AppContext.BaseDirectory, WalletProgram);
        var passed = ChildArguments.From(
            arguments, [.. DaemonOptions.All.Concat(IpcLinkOptions.All).Select(option => option.Name), HttpOptions.DeprecatedRpc.Name, .. WalletOptionNames.All]);
        var place = daemon.Own(new WalletPlace(table, "The wallet process has ended or does not answer; it is started again"));
        daemon.Own(await WalletKeeper.StartAsync(
            async (isAgain, ct) => await WalletProcess.StartAsync(
                path, isAgain ? [.. passed, LoadsAgain] : passed, makeFeed, new WalletHostService(place, log), ipc, log, ct),
            TimeProvider.System,
            log,
            daemon.Stopping));
    }

    private PolicySettings ReadPolicy()
    {
        if (_options.IsSet(NodeOptions.AcceptNonStandard) && _options[NodeOptions.AcceptNonStandard] && !_network.IsTestChain)
        {
            throw new StartupException($"acceptnonstdtxn is not currently supported for {_network.Name} chain");
        }

        // Room for forty times the largest chain of transactions.
        const int kilobyte = 1000;
        var leastBytes = (long)_options[NodeOptions.DescendantSize] * kilobyte * 40;
        if (_options[NodeOptions.MaxMempool] * kilobyte * kilobyte is var most && (most < 0 || most < leastBytes))
        {
            throw new StartupException($"-maxmempool must be at least {Math.Ceiling(leastBytes / 1_000_000.0)} MB");
        }

        return PolicySettings.For(_network) with
        {
            RequireStandard = _options.IsSet(NodeOptions.AcceptNonStandard)
                ? !_options[NodeOptions.AcceptNonStandard]
                : _network.RequireStandard,
            MinRelay = ReadRate(NodeOptions.MinRelayFee),
            IncrementalRelay = ReadRate(NodeOptions.IncrementalRelayFee),
            DustRelay = ReadRate(NodeOptions.DustRelayFee),
            PermitBareMultisig = _options[NodeOptions.PermitBareMultisig],
            AcceptDataCarrier = _options[NodeOptions.DataCarrier],
            MaxDataCarrierBytes = _options[NodeOptions.DataCarrierSize],
            BytesPerSigOp = _options[NodeOptions.BytesPerSigOp],
            AncestorCount = _options[NodeOptions.AncestorCount],
            AncestorSize = _options[NodeOptions.AncestorSize] * 1000,
            DescendantCount = _options[NodeOptions.DescendantCount],
            DescendantSize = _options[NodeOptions.DescendantSize] * 1000,
            MaxBytes = _options[NodeOptions.MaxMempool] * 1_000_000,
            ExpirySeconds = _options[NodeOptions.MempoolExpiry] * 60 * 60,
        };
    }

    private MiningOptions ReadMining() => new()
    {
        MaxBlockSize = _options[NodeOptions.BlockMaxSize],
        MinFeeRate = ReadRate(NodeOptions.BlockMinFee),
        FeeLog = _options[NodeOptions.PrintPriority] ? daemon.Log.CreateLogger(LogCategory.None) : null,
        BlockVersion = _options[NodeOptions.BlockVersion] is { } text
            && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : null,
    };

    private FeeRate ReadRate(Option<string> option) => Amount.TryParseMoney(_options[option], out var amount)
        ? new FeeRate(amount.Duffs)
        : throw new StartupException($"Invalid amount for {option}=<amount>: '{_options[option]}'");
}
