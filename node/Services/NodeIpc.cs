using System.Net.Sockets;
using Dash.Common.Concurrency;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Ipc.Connections;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>How the node meets other processes: where it listens, whom it calls, what a connection may cost.</summary>
internal sealed class NodeIpc
{
    private const int WordsOfMiB = 1 << 17;

    private readonly Daemon _daemon;
    private readonly IpcEndpoints _endpoints;

    /// <summary>Reads the options; nothing happens yet.</summary>
    public NodeIpc(Daemon daemon)
    {
        _daemon = daemon;
        _endpoints = daemon.Own(new IpcEndpoints(
            daemon.Directory.Network, daemon.Options[IpcLinkOptions.Cert], daemon.Options[IpcLinkOptions.Trust], TimeProvider.System));
        Options = Read(daemon);
    }

    /// <summary>What a connection may cost and where it logs.</summary>
    public IpcOptions Options { get; }

    /// <summary>Serves the chain, and on unix sockets JSON-RPC, at every address.</summary>
    /// <param name="addresses">Of <c>-ipcbind</c>.</param>
    /// <param name="maxMessage">MiB that one message of an attached process may have.</param>
    /// <param name="makeFeed">Makes the chain for one subscriber.</param>
    /// <param name="dispatcher">Answers JSON-RPC.</param>
    /// <exception cref="StartupException">An address cannot be used.</exception>
    public void Listen(IReadOnlyList<string> addresses, int maxMessage, Func<IChainFeed> makeFeed, RpcDispatcher dispatcher)
    {
        // A wallet asks, a node answers: what an attached process says is short.
        var attached = Options with
        {
            Limits = Options.Limits with
            {
                Message = Options.Limits.Message with { MaxWords = Math.Clamp(maxMessage, 1, 64) * WordsOfMiB },
            },
        };
        foreach (var text in addresses)
        {
            try
            {
                var listener = _endpoints.Listen(text, IpcAddress.NodeSocket);

                // Who opens our unix socket could as well read the cookie. Who has a certificate may follow the chain.
                var rpc = listener.Address is UnixAddress ? dispatcher : null;
                IpcServer server = new(
                    listener, home => new NodeInitServer(new NodeInit(makeFeed, host: null, rpc), home), attached);
                _daemon.Run("ipc", server.RunAsync);
                Log.Listening(Options.Logger, listener.Address);
            }
            catch (Exception e) when (e is FormatException or IOException or SocketException or UnauthorizedAccessException)
            {
                throw new StartupException($"Unable to bind to IPC address '{text}'. {e.Message}", e);
            }
        }

        SayWhoWeAre();
    }

    /// <summary>Passes wallet calls on to the first process of these that is there, from now on.</summary>
    /// <exception cref="StartupException">An address is none.</exception>
    public void Connect(IReadOnlyList<string> addresses, RpcTable table)
    {
        List<IpcAddress> wallets = [];
        foreach (var text in addresses)
        {
            try
            {
                wallets.Add(_endpoints.Remote(text, IpcAddress.WalletSocket));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"Invalid -ipcconnect address '{text}': {e.Message}", e);
            }
        }

        SayWhoWeAre();
        WalletConnector connector = new(
            wallets, table, Options with { Identity = _endpoints.Identity }, _daemon.Log.CreateLogger(LogCategory.None));
        _daemon.Run("wallet", connector.RunAsync);
    }

    private void SayWhoWeAre()
    {
        if (_endpoints.Identity is { } identity)
        {
            Log.Identity(Options.Logger, identity.Fingerprint);
        }
    }

    private static IpcOptions Read(Daemon daemon)
    {
        var link = IpcLinkSettings.Read(daemon.Options);
        return new IpcOptions
        {
            Logger = daemon.Log.CreateLogger(LogCategory.Ipc),
            Receiving = static () => ThreadTurns.AskShort(),
            Received = ThreadTurns.NoteCall,
            MaxConnections = link.MaxConnections,
            Limits = IpcLimits.Default with
            {
                Message = IpcLimits.Default.Message with
                {
                    MaxSegments = link.Segments,
                    TraversalWords = link.TraversalWords,
                    Nesting = link.Depth,
                },
                MaxRunningCalls = link.Calls,
                MaxCapabilities = link.Objects,
                MaxThreads = link.Threads,
                SendSoftBytes = link.SendBufferBytes,
                SendHardBytes = link.SendBufferBytes * 5,
                HandshakeTimeout = link.Handshake,
                CallTimeout = link.Call,
                HeartbeatInterval = link.Heartbeat,
                HeartbeatTimeout = link.Silence,
                FirstAnswerTimeout = link.FirstAnswer,
            },
        };
    }
}
