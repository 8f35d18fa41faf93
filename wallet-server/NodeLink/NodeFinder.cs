using System.Net.Sockets;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>Finds a node of the wallets' network among several addresses, and says what is waited for while there is none. One search at a time.</summary>
internal sealed class NodeFinder
{
    private static readonly TimeSpan WrongChainDelay = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IpcAddress> _addresses;
    private readonly AttachedNode _node;
    private readonly ILogger _log;
    private readonly AddressRace<NodeSession> _race;
    private readonly Complaints _complaints;

    // Of this search: what came of the last try at each address.
    private readonly Dictionary<IpcAddress, Exception> _refusals = [];

    /// <summary>A search that has not begun.</summary>
    /// <param name="addresses">Where the nodes listen, the preferred one first.</param>
    /// <param name="chain">The network the nodes must be on.</param>
    /// <param name="node">Is told what is waited for.</param>
    /// <param name="dial">Connects.</param>
    /// <param name="time">For delays: real time.</param>
    /// <param name="log">General lines.</param>
    public NodeFinder(
        IReadOnlyList<IpcAddress> addresses, ChainParams chain, AttachedNode node, DialNode dial, TimeProvider time, ILogger log)
    {
        _addresses = addresses;
        _node = node;
        _log = log;
        _complaints = new Complaints(time);
        _race = new AddressRace<NodeSession>(addresses, (address, ct) => OpenAsync(address, dial, chain, ct), time)
        {
            DelayAfter = static refused => refused is WrongChainException ? WrongChainDelay : null,
            Refused = Complain,
        };
    }

    /// <summary>Called when every address has been refused, and with each refusal from then on.</summary>
    public Action AllRefused { get; init; } = static () => { };

    /// <summary>Runs until a node was found.</summary>
    /// <param name="ct">Ends it; nothing stays connected then.</param>
    public async Task<NodeSession> FindAsync(CancellationToken ct)
    {
        _refusals.Clear();
        var found = await _race.RunAsync(ct).ConfigureAwait(false);
        _complaints.Clear();
        return found;
    }

    /// <summary>One attempt to connect to a node of this network.</summary>
    /// <exception cref="WrongChainException">It is of another.</exception>
    public static async Task<NodeSession> OpenAsync(IpcAddress address, DialNode dial, ChainParams chain, CancellationToken ct)
    {
        var session = await dial(address, ct).ConfigureAwait(false);
        try
        {
            await session.IdentifyAsync(chain, ct).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A wrong node is what the wallets wait for, if there is one, since it will not mend itself; else the preferred one.
    private void Complain(IpcAddress address, Exception refusal)
    {
        _refusals[address] = refusal;
        var named = _addresses.Where(_refusals.ContainsKey)
            .OrderByDescending(each => _refusals[each] is WrongChainException)
            .First(); // stable; the address itself at least
        _node.Wait(TextOf(named, _refusals[named]), _refusals[named] is WrongChainException);
        var text = TextOf(address, refusal);
        if (_complaints.IsDue(address.ToString(), refusal is WrongChainException ? text : ""))
        {
            Log.NoNode(_log, text);
        }

        if (_addresses.All(_refusals.ContainsKey))
        {
            AllRefused();
        }
    }

    private static string TextOf(IpcAddress address, Exception refused) =>
        refused is WrongChainException ? refused.Message : $"No node at {address} ({ReasonOf(refused)}): waiting";

    // What the runtime calls a name without a file.
    private static string ReasonOf(Exception refused) =>
        refused is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } ? "no such socket" : refused.Message;
}
