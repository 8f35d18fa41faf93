using System.Collections.Immutable;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>Changes to a list while a block is applied. Belongs to one thread.</summary>
internal sealed class MasternodeListBuilder
{
    private readonly int _height;
    private readonly Lazy<(Uint256 Root, bool IsMutated)> _oldRoot;
    private ImmutableDictionary<Txid, Masternode> _masternodes;
    private ImmutableDictionary<Uint256, MasternodeList.Claim> _claims;
    private bool _isRootChanged;

    /// <summary>Begins with the list before.</summary>
    public MasternodeListBuilder(
        int height,
        ImmutableDictionary<Txid, Masternode> masternodes,
        ImmutableDictionary<Uint256, MasternodeList.Claim> claims,
        Lazy<(Uint256 Root, bool IsMutated)> root)
    {
        _height = height;
        _masternodes = masternodes;
        _claims = claims;
        _oldRoot = root;
    }

    /// <summary>How many there are now.</summary>
    public int Count => _masternodes.Count;

    /// <summary>All as they are now.</summary>
    public IEnumerable<Masternode> All => _masternodes.Values;

    /// <summary>The masternode of a registration as it is now, or null.</summary>
    public Masternode? Find(Txid proTxHash) => _masternodes.GetValueOrDefault(proTxHash);

    /// <summary>Who has something now; null for nobody.</summary>
    public Masternode? OwnerOf(Uint256 property) => _claims.TryGetValue(property, out var claim) ? Find(claim.Owner) : null;

    /// <summary>Whether somebody has something now.</summary>
    public bool IsTaken(Uint256 property) => _claims.ContainsKey(property);

    /// <summary>Adds a masternode.</summary>
    /// <exception cref="MasternodeListException">It has something that another one has; nothing changed.</exception>
    public void Add(Masternode masternode)
    {
        if (_masternodes.ContainsKey(masternode.ProTxHash))
        {
            throw new MasternodeListException($"Masternode {masternode.ProTxHash} is registered already");
        }

        _claims = Claimed(_claims, masternode);
        _masternodes = _masternodes.Add(masternode.ProTxHash, masternode);
        _isRootChanged = true;
    }

    /// <summary>Changes a masternode.</summary>
    /// <exception cref="MasternodeListException">It would have something that another one has; nothing changed.</exception>
    public void Update(Masternode masternode, MasternodeState state)
    {
        var changed = masternode.With(state);
        if (IsClaimedOtherwise(masternode.State, state))
        {
            _claims = Claimed(Released(_claims, masternode), changed);
        }

        _masternodes = _masternodes.SetItem(masternode.ProTxHash, changed);
        _isRootChanged |= changed.ListHash != masternode.ListHash;
    }

    /// <summary>Removes a masternode.</summary>
    public void Remove(Masternode masternode)
    {
        _claims = Released(_claims, masternode);
        _masternodes = _masternodes.Remove(masternode.ProTxHash);
        _isRootChanged = true;
    }

    /// <summary>The list with the changes.</summary>
    public MasternodeList Build() => new(_height, _masternodes, _claims, _isRootChanged ? null : _oldRoot);

    private static bool IsClaimedOtherwise(MasternodeState before, MasternodeState after) =>
        !ReferenceEquals(before.NetInfo, after.NetInfo)
        || before.OwnerKeyId != after.OwnerKeyId
        || !Equals(before.OperatorKey, after.OperatorKey)
        || before.OperatorScheme != after.OperatorScheme
        || before.Platform.NodeId != after.Platform.NodeId;

    private static ImmutableDictionary<Uint256, MasternodeList.Claim> Claimed(
        ImmutableDictionary<Uint256, MasternodeList.Claim> claims, Masternode masternode)
    {
        foreach (var property in masternode.UniqueProperties())
        {
            var count = 0;
            if (claims.TryGetValue(property, out var claim))
            {
                if (claim.Owner != masternode.ProTxHash)
                {
                    throw new MasternodeListException(
                        $"Masternode {masternode.ProTxHash} would share something with {claim.Owner}");
                }

                count = claim.Count;
            }

            claims = claims.SetItem(property, new MasternodeList.Claim(masternode.ProTxHash, count + 1));
        }

        return claims;
    }

    private static ImmutableDictionary<Uint256, MasternodeList.Claim> Released(
        ImmutableDictionary<Uint256, MasternodeList.Claim> claims, Masternode masternode)
    {
        foreach (var property in masternode.UniqueProperties())
        {
            var claim = claims[property];
            claims = claim.Count == 1
                ? claims.Remove(property)
                : claims.SetItem(property, claim with { Count = claim.Count - 1 });
        }

        return claims;
    }
}
