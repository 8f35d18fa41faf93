using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Primitives.Encoding;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Handling;

/// <summary>
/// The greeting of transaction reconciliation (BIP330), with <c>-txreconciliation</c>: each side says between version and
/// verack that it could, and with which salt. As in dashd nothing is reconciled yet; transactions are announced as ever.
/// </summary>
internal sealed class Reconciliation(NetSettings settings, ILoggerFactory logs) : MessageFamily
{
    private const uint Version = 1;

    private readonly ILogger _net = logs.CreateLogger(LogCategory.Net);
    private readonly ILogger _log = logs.CreateLogger(LogCategory.TxReconciliation);
    private readonly Dictionary<Peer, bool> _agreed = []; // those it was offered to, and whether they offered it too

    /// <inheritdoc/>
    public override IReadOnlyList<string> Types { get; } = [MessageTypes.SendReconciliation];

    /// <summary>Offers it to a peer whose version came, before the verack, if transactions go both ways.</summary>
    public void Offer(Peer peer, VersionMessage message)
    {
        if (!settings.OffersReconciliation
            || settings.IsBlocksOnly
            || peer.CommonVersion < NetLimits.MoreHeaders2Version
            || !message.RelaysTransactions
            || peer.Type is ConnectionType.BlockRelay or ConnectionType.Feeler or ConnectionType.AddrFetch)
        {
            return;
        }

        Log.ReconciliationOffered(_log, peer.Id);
        _agreed[peer] = false;
        ByteWriter writer = new(12);
        writer.WriteUInt32(Version);
        Span<byte> salt = stackalloc byte[8];
        RandomNumberGenerator.Fill(salt);
        writer.WriteBytes(salt);
        peer.Send(MessageTypes.SendReconciliation, writer.ToArray());
    }

    /// <summary>The handshake is done: who has not offered it by now never will.</summary>
    public void Settle(Peer peer)
    {
        if (!_agreed.GetValueOrDefault(peer))
        {
            Forget(peer);
        }
    }

    /// <inheritdoc/>
    public override void Left(Peer peer) => Forget(peer);

    /// <inheritdoc/>
    public override ValueTask HandleAsync(Peer peer, ReceivedMessage message, CancellationToken ct)
    {
        if (!settings.OffersReconciliation)
        {
            Log.ReconciliationIgnored(_net, peer.Id);
        }
        else if (peer.IsHandshakeDone)
        {
            Log.LateReconciliation(_net, peer.Id);
            peer.Disconnect();
        }
        else if (settings.RefusesTransactions(peer))
        {
            Log.ReconciliationWithoutOurRelay(_net, peer.Id);
            peer.Disconnect();
        }
        else if (!peer.RelaysTransactions)
        {
            Log.ReconciliationWithoutTheirRelay(_net, peer.Id);
            peer.Disconnect();
        }
        else
        {
            Take(peer, message);
        }

        return ValueTask.CompletedTask;
    }

    private void Take(Peer peer, ReceivedMessage message)
    {
        var reader = message.Reader();
        var version = reader.ReadUInt32();
        reader.ReadUInt64(); // their half of the salt
        if (!_agreed.TryGetValue(peer, out var isAgreed))
        {
            Log.ReconciliationUnexpected(_net, peer.Id);
        }
        else if (isAgreed)
        {
            Log.ReconciliationViolation(_net, peer.Id, " (sendtxrcncl received from already registered peer)");
            peer.Disconnect();
        }
        else if (version < Version)
        {
            Log.ReconciliationViolation(_net, peer.Id, "");
            peer.Disconnect();
        }
        else
        {
            Log.ReconciliationAgreed(_log, peer.Id, peer.IsInbound ? 1 : 0);
            _agreed[peer] = true;
        }
    }

    private void Forget(Peer peer)
    {
        if (_agreed.Remove(peer))
        {
            Log.ReconciliationForgotten(_log, peer.Id);
        }
    }
}
