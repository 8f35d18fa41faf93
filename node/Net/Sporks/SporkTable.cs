using System.Diagnostics.CodeAnalysis;
using Dash.Common.Time;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Sporks;

/// <summary>The switches of the network and who signed which value. Any thread.</summary>
/// <param name="network">The network.</param>
/// <param name="signers">Keys whose signatures count.</param>
/// <param name="minimumSigners">How many must agree.</param>
/// <param name="clock">The time.</param>
internal sealed class SporkTable(ChainParams network, IReadOnlySet<Hash160> signers, int minimumSigners, Clock clock)
{
    private readonly Lock _gate = new(); // protects the fields below
    private readonly Dictionary<Uint256, SporkMessage> _byHash = [];
    private readonly SortedDictionary<int, Dictionary<Hash160, SporkMessage>> _newest = [];

    /// <summary>The newest message of each signer for each switch.</summary>
    public IReadOnlyList<SporkMessage> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _newest.Values.SelectMany(static bySigner => bySigner.Values)];
            }
        }
    }

    /// <summary>The message of a name, or null.</summary>
    public SporkMessage? Find(Uint256 hash)
    {
        lock (_gate)
        {
            return _byHash.GetValueOrDefault(hash);
        }
    }

    /// <summary>Whether a key's signature counts.</summary>
    public bool IsSigner([NotNullWhen(true)] Hash160? key) => key is { } id && signers.Contains(id);

    /// <summary>Adds a message of a signer.</summary>
    /// <returns>What it is: "new", "new signer", "updated"; or "seen" if a newer one is there, and nothing changes.</returns>
    public string Add(SporkMessage message, Hash160 signer)
    {
        lock (_gate)
        {
            var outcome = "new";
            if (!_newest.TryGetValue(message.Id, out var bySigner))
            {
                _newest.Add(message.Id, bySigner = []);
            }
            else if (!bySigner.TryGetValue(signer, out var before))
            {
                outcome = "new signer";
            }
            else if (before.Time >= message.Time)
            {
                return "seen";
            }
            else
            {
                outcome = "updated";
                _byHash.Remove(before.Hash);
            }

            bySigner[signer] = message;
            _byHash[message.Hash] = message;
            return outcome;
        }
    }

    /// <summary>The value that enough signers agree on, or what it is without one. The main network has none to turn.</summary>
    public long ValueOf(int id)
    {
        if (!network.IsTestChain)
        {
            return id == SporkDefinition.AllConnected ? 1 : 0;
        }

        lock (_gate)
        {
            var agreed = _newest.GetValueOrDefault(id)?.Values
                .GroupBy(static message => message.Value)
                .FirstOrDefault(group => group.Count() >= minimumSigners);
            return agreed?.Key ?? SporkDefinition.Off;
        }
    }

    /// <summary>Whether the switch is on now.</summary>
    public bool IsActive(int id) => ValueOf(id) < clock.UnixSeconds;

    /// <summary>Signs and adds a value.</summary>
    /// <returns>The message; null if the key's signature does not count.</returns>
    public SporkMessage? Sign(int id, long value, PrivateKey key)
    {
        var message = SporkMessage.Sign(id, value, clock.UnixSeconds, key, network);
        if (!IsSigner(key.PublicKey.Id))
        {
            return null;
        }

        lock (_gate)
        {
            if (!_newest.TryGetValue(id, out var bySigner))
            {
                _newest.Add(id, bySigner = []);
            }

            bySigner[key.PublicKey.Id] = message;
            _byHash[message.Hash] = message;
        }

        return message;
    }
}
