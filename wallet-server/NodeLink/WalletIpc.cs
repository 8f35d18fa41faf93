using System.Net.Sockets;
using Dash.Common.Concurrency;
using Dash.Common.Hosting;
using Dash.Common.Logging;
using Dash.Ipc.Connections;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>How the wallet daemon meets other processes: where it listens, which nodes it tries, what a connection may cost.</summary>
internal sealed class WalletIpc
{
    private readonly Daemon _daemon;
    private readonly IpcEndpoints _endpoints;
    private readonly IpcOptions _options;

    /// <summary>Reads the options; nothing happens yet.</summary>
    public WalletIpc(Daemon daemon)
    {
        _daemon = daemon;
        _endpoints = daemon.Own(new IpcEndpoints(
            daemon.Directory.Network, daemon.Options[IpcLinkOptions.Cert], daemon.Options[IpcLinkOptions.Trust], TimeProvider.System));
        _options = Read(daemon);
    }

    /// <summary>What a connection may cost, where it logs, and who we are if an address needs that.</summary>
    public IpcOptions Options => _options with { Identity = _endpoints.Identity };

    /// <summary>The addresses of <c>-ipcconnect</c>.</summary>
    /// <exception cref="StartupException">One is none, or is TCP and nobody is trusted.</exception>
    public IReadOnlyList<IpcAddress> Remotes(IReadOnlyList<string> addresses)
    {
        List<IpcAddress> nodes = [];
        foreach (var text in addresses)
        {
            try
            {
                nodes.Add(_endpoints.Remote(text, IpcAddress.NodeSocket));
            }
            catch (FormatException e)
            {
                throw new StartupException($"Invalid -ipcconnect address '{text}': {e.Message}", e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"Cannot use -ipcconnect={text}: {e.Message}", e);
            }
        }

        SayWhoWeAre();
        return nodes;
    }

    /// <summary>Answers JSON-RPC at every address of <c>-ipcbind</c>.</summary>
    /// <param name="addresses">Where.</param>
    /// <param name="dispatcher">Answers.</param>
    /// <param name="methods">Those that a node passes on.</param>
    /// <exception cref="StartupException">An address cannot be used.</exception>
    public void Listen(IReadOnlyList<string> addresses, RpcDispatcher dispatcher, IEnumerable<RpcMethod> methods)
    {
        IReadOnlyList<Command> commands = [.. WalletRpc.CommandsOf(methods)];
        foreach (var text in addresses)
        {
            try
            {
                var listener = _endpoints.Listen(text, IpcAddress.WalletSocket);
                IpcServer server = new(
                    listener, home => new WalletInitServer(new WalletInit(dispatcher, commands), home), _options);
                _daemon.Run("ipc", server.RunAsync);
                Log.Listening(_options.Logger, listener.Address);
            }
            catch (Exception e) when (e is FormatException or IOException or SocketException or UnauthorizedAccessException)
            {
                throw new StartupException($"Unable to bind to IPC address '{text}'. {e.Message}", e);
            }
        }

        SayWhoWeAre();
    }

    /// <summary>What the options say of connections.</summary>
    public static IpcOptions Read(Daemon daemon)
    {
        var link = IpcLinkSettings.Read(daemon.Options);
        return new IpcOptions
        {
            Logger = daemon.Log.CreateLogger(LogCategory.Ipc),
            Receiving = static () => ThreadTurns.AskShort(),
            Received = ThreadTurns.NoteCall,
            Time = daemon.Clock,
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

    private void SayWhoWeAre()
    {
        if (_endpoints.Identity is { } identity)
        {
            Log.Identity(_options.Logger, identity.Fingerprint);
        }
    }
}
