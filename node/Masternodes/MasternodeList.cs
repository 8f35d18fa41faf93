using System.Collections.Immutable;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>DIP3: all masternodes as one block left them. Immutable, and shares what did not change.</summary>
internal sealed class MasternodeList
{
    /// <summary>No masternode.</summary>
    public static readonly MasternodeList Empty = new(0, ImmutableDictionary<Txid, Masternode>.Empty, ImmutableDictionary<Uint256, Claim>.Empty, root: null);

    /// <summary>Points for a ban while there are few masternodes.</summary>
    public const int LeastMaxPenalty = 100;

    private readonly ImmutableDictionary<Txid, Masternode> _masternodes;
    private readonly ImmutableDictionary<Uint256, Claim> _claims;
    private readonly Lazy<(Uint256 Root, bool IsMutated)> _root;

    /// <summary>A list.</summary>
    /// <param name="height">Height of the block that left it so.</param>
    /// <param name="masternodes">By registration.</param>
    /// <param name="claims">What only one may have, and who has it.</param>
    /// <param name="root">Its merkle root if that is known.</param>
    public MasternodeList(
        int height,
        ImmutableDictionary<Txid, Masternode> masternodes,
        ImmutableDictionary<Uint256, Claim> claims,
        Lazy<(Uint256 Root, bool IsMutated)>? root)
    {
        Height = height;
        _masternodes = masternodes;
        _claims = claims;
        _root = root ?? new(() => ComputeRoot(masternodes.Values));
    }

    /// <summary>Height of the block that left it so.</summary>
    public int Height { get; }

    /// <summary>How many there are, banned ones too.</summary>
    public int Count => _masternodes.Count;

    /// <summary>All, in no order.</summary>
    public IEnumerable<Masternode> All => _masternodes.Values;

    /// <summary>Those that are not banned, in no order.</summary>
    public IEnumerable<Masternode> Valid => _masternodes.Values.Where(static node => !node.State.IsBanned);

    /// <summary>The merkle root light clients check the list by, and whether it is ambiguous.</summary>
    public (Uint256 Root, bool IsMutated) Root => _root.Value;

    /// <summary>The masternode of a registration, or null.</summary>
    public Masternode? Find(Txid proTxHash) => _masternodes.GetValueOrDefault(proTxHash);

    /// <summary>Who has something of <see cref="UniqueProperty"/>; null for nobody.</summary>
    public Masternode? OwnerOf(Uint256 property) => _claims.TryGetValue(property, out var claim) ? Find(claim.Owner) : null;

    /// <summary>Changes to come.</summary>
    public MasternodeListBuilder ToBuilder(int height) => new(height, _masternodes, _claims, _root);

    /// <summary>Whom the block after the list's pays; null if there is nobody to be paid.</summary>
    public Masternode? Payee(ChainParams network)
    {
        var next = Height + 1;
        if (next >= network.Heights.V19 && next < network.Heights.MnRr && RepeatedPayee() is { } again)
        {
            return again;
        }

        Masternode? best = null;
        foreach (var node in Valid)
        {
            if (best is null || CompareByLastPaid(node, best) < 0)
            {
                best = node;
            }
        }

        return best;
    }

    /// <summary>Whom the next blocks would pay if nothing changed, one for each.</summary>
    public IReadOnlyList<Masternode> ProjectedPayees(int count, ChainParams network)
    {
        var isEqual = Height + 1 >= network.Heights.MnRr;
        var first = isEqual ? null : RepeatedPayee();
        List<Masternode> payees = [];
        if (first is not null)
        {
            payees.AddRange(Enumerable.Repeat(first, first.Weight - first.State.ConsecutivePayments));
        }

        var others = Valid.Where(node => node != first).SelectMany(node => Enumerable.Repeat(node, isEqual ? 1 : node.Weight));
        if (first is not null)
        {
            others = others.Concat(Enumerable.Repeat(first, first.State.ConsecutivePayments));
        }

        payees.AddRange(others.Order(Comparer<Masternode>.Create(CompareByLastPaid)));
        return payees.Take(Math.Max(count, 0)).ToList();
    }

    /// <summary>Who waited longest comes first.</summary>
    public static int CompareByLastPaid(Masternode left, Masternode right)
    {
        var difference = WaitingSince(left.State).CompareTo(WaitingSince(right.State));
        return difference != 0 ? difference : WireOrder.Instance.Compare(left.ProTxHash.Value, right.ProTxHash.Value);
    }

    private static int WaitingSince(MasternodeState state) =>
        state.PoseRevivedHeight != MasternodeState.Never && state.PoseRevivedHeight > state.LastPaidHeight ? state.PoseRevivedHeight
        : state.LastPaidHeight == 0 ? state.RegisteredHeight
        : state.LastPaidHeight;

    // An Evo masternode is paid four blocks in a row.
    private Masternode? RepeatedPayee() => Valid.FirstOrDefault(node =>
        node.State.LastPaidHeight == Height
        && node.Type == Primitives.Evo.MasternodeType.Evo
        && node.State.ConsecutivePayments < node.Weight);

    private static (Uint256 Root, bool IsMutated) ComputeRoot(IEnumerable<Masternode> masternodes)
    {
        var leaves = masternodes
            .OrderBy(static node => node.ProTxHash.Value, WireOrder.Instance)
            .Select(static node => node.ListHash)
            .ToArray();
        var root = MerkleTree.Root(leaves, out var isMutated);
        return (root, isMutated);
    }

    /// <summary>Who has something, and how many times over.</summary>
    internal readonly record struct Claim(Txid Owner, int Count);
}
