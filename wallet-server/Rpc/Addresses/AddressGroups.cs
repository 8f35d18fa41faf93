using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

/// <summary>
/// Addresses of which everybody can tell that they have one owner: they were spent from together, or took the change of
/// such a payment. Found out from what the tables say of own outputs and of who spends what; transactions that come later can be
/// added. One owner's; not for two threads.
/// </summary>
internal sealed class AddressGroups
{
    // What one address takes in the four lists and the dictionary, bytes.
    private const int SizeOfPlace = 120;

    private readonly Dictionary<AddressKey, int> _places = [];
    private readonly List<Member> _members = [];

    /// <summary>How many addresses.</summary>
    public int Count => _members.Count;

    /// <summary>Bytes, about.</summary>
    public long Bytes => Count * (long)SizeOfPlace;

    /// <summary>Is told the first address of a group that is joined with another one.</summary>
    public Action<AddressKey>? Joined { get; set; }

    /// <summary>The groups of a wallet.</summary>
    public static AddressGroups Of(WalletView view, CancellationToken ct)
    {
        var groups = new AddressGroups();
        Dictionary<OutPoint, int> own = [];
        List<(Txid Txid, int Place)> change = [];
        foreach (var (outPoint, script) in view.OwnOutputs())
        {
            ct.ThrowIfCancellationRequested();
            if (AddressKey.Of(script) is { } payee)
            {
                var place = groups.PlaceOf(view.Snapshot, payee);
                own.Add(outPoint, place);
                if (!groups._members[place].IsNamed)
                {
                    change.Add((outPoint.Txid, place));
                }
            }
        }

        // Who pays with outputs of ours, and one of these.
        Dictionary<Txid, int> payers = [];
        foreach (var (outPoint, spender) in view.Spends())
        {
            ct.ThrowIfCancellationRequested();
            if (own.TryGetValue(outPoint, out var place) && !payers.TryAdd(spender, place))
            {
                groups.Join(payers[spender], place);
            }
        }

        foreach (var (txid, place) in change)
        {
            if (payers.TryGetValue(txid, out var payer))
            {
                groups.Join(payer, place);
            }
        }

        return groups;
    }

    /// <summary>Adds what a transaction of the wallet tells.</summary>
    public void Add(WalletView view, WalletTx tx)
    {
        int? first = null;
        foreach (var input in tx.Tx.IsCoinBase ? [] : tx.Tx.Inputs)
        {
            if (view.FindOutput(input.PreviousOutput) is { } spent && OwnPlaceOf(view, input.PreviousOutput, spent) is { } payer)
            {
                first ??= payer;
                Join(first.Value, payer);
            }
        }

        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            if (OwnPlaceOf(view, new OutPoint(tx.Txid, (uint)i), tx.Tx.Outputs[i]) is { } payee && first is { } payer && !_members[payee].IsNamed)
            {
                Join(payer, payee);
            }
        }
    }

    /// <summary>Where an address is; null if it is in no group.</summary>
    public int? Find(AddressKey address) => _places.TryGetValue(address, out var place) ? place : null;

    /// <summary>Whether somebody had named the address at a place when it came in; what it took was no change then.</summary>
    public bool IsNamed(int place) => _members[place].IsNamed;

    /// <summary>The first address, in Core's order, of the group of a place.</summary>
    public AddressKey FirstOf(int place) => _members[Root(place)].First;

    /// <summary>The first addresses of all groups.</summary>
    public IEnumerable<AddressKey> Firsts => Enumerable.Range(0, Count).Where(place => _members[place].Parent == place).Select(place => _members[place].First);

    /// <summary>The places of the group that an address is the first of, in the order of addresses; none if it is no first one.</summary>
    public List<int> GroupOf(AddressKey first)
    {
        List<int> group = [];
        if (Find(first) is { } place && FirstOf(place) == first)
        {
            var at = place;
            do
            {
                group.Add(at);
                at = _members[at].Next;
            }
            while (at != place);

            group.Sort((left, right) => _members[left].Address.CompareTo(_members[right].Address));
        }

        return group;
    }

    /// <summary>The address at a place.</summary>
    public AddressKey AddressAt(int place) => _members[place].Address;

    // As the tables have it: lists made anew say the same.
    private int? OwnPlaceOf(WalletView view, OutPoint outPoint, TxOut output) =>
        AddressKey.Of(output.ScriptPubKey) is { } payee && view.IsOwn(outPoint, output.ScriptPubKey) ? PlaceOf(view.Snapshot, payee) : null;

    private int PlaceOf(WalletSnapshot snapshot, AddressKey address)
    {
        if (!_places.TryGetValue(address, out var place))
        {
            place = _members.Count;
            _places.Add(address, place);
            _members.Add(new Member(address, snapshot.AddressBook.FindNamed(address) is not null, place, place, address));
        }

        return place;
    }

    private void Join(int one, int other)
    {
        var (root, joined) = (Root(one), Root(other));
        if (root == joined)
        {
            return;
        }

        var (left, right) = (_members[root], _members[joined]);
        Joined?.Invoke(left.First);
        Joined?.Invoke(right.First);

        // Two rings become one when two of them point at each other's next.
        _members[root] = left with { Next = right.Next, First = left.First.CompareTo(right.First) < 0 ? left.First : right.First };
        _members[joined] = right with { Next = left.Next, Parent = root };
    }

    private int Root(int member)
    {
        var root = member;
        while (_members[root].Parent != root)
        {
            root = _members[root].Parent;
        }

        // Shortens the way for the next one who asks.
        while (member != root)
        {
            var passed = _members[member];
            _members[member] = passed with { Parent = root };
            member = passed.Parent;
        }

        return root;
    }

    // The next of its group's ring; the first is right at the root only.
    private readonly record struct Member(AddressKey Address, bool IsNamed, int Parent, int Next, AddressKey First);
}
