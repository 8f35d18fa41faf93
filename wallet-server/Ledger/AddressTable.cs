namespace Dash.WalletServer.Ledger;

/// <summary>
/// Very many addresses and what is noted about each, in about 35 bytes an address: the notes are few and shared. Filled by
/// one thread, then read by any and never changed.
/// </summary>
internal sealed class AddressTable
{
    private readonly List<AddressEntry> _notes = [];
    private readonly Dictionary<AddressEntry, int> _places = [];
    private readonly int _salt = Random();
    private AddressKey[] _keys;
    private int _latest = -1;
    private int[] _noteOf;
    private int[] _slots;

    /// <summary>An empty table with room for some.</summary>
    public AddressTable(int room)
    {
        _keys = new AddressKey[Math.Max(room, 16)];
        _noteOf = new int[_keys.Length];
        _slots = NewSlots(_keys.Length);
    }

    /// <summary>How many addresses.</summary>
    public int Count { get; private set; }

    /// <summary>Every address with its note.</summary>
    public IEnumerable<KeyValuePair<AddressKey, AddressEntry>> Entries
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                yield return new(_keys[i], _notes[_noteOf[i]]);
            }
        }
    }

    /// <summary>The note; null when there is none.</summary>
    public AddressEntry? Find(AddressKey key) => _slots[SlotOf(key)] is > 0 and var at ? _notes[_noteOf[at - 1]] : null;

    /// <summary>Puts a note in, or replaces it. While filling only.</summary>
    public void Put(AddressKey key, AddressEntry note)
    {
        var place = _latest;
        if (place < 0 || !ReferenceEquals(_notes[place], note))
        {
            if (!_places.TryGetValue(note, out place))
            {
                _places.Add(note, place = _notes.Count);
                _notes.Add(note);
            }

            _latest = place;
        }

        var slot = SlotOf(key);
        if (_slots[slot] is > 0 and var at)
        {
            _noteOf[at - 1] = place;
            return;
        }

        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _noteOf, Count * 2);
            _slots = NewSlots(Count * 2);
            for (var i = 0; i < Count; i++)
            {
                _slots[SlotOf(_keys[i])] = i + 1;
            }

            slot = SlotOf(key);
        }

        _keys[Count] = key;
        _noteOf[Count] = place;
        _slots[slot] = ++Count;
    }

    /// <summary>Each note that is in use, with how many addresses have it.</summary>
    public IReadOnlyList<(AddressEntry Note, int Count)> Notes()
    {
        var counts = new int[_notes.Count];
        for (var i = 0; i < Count; i++)
        {
            counts[_noteOf[i]]++;
        }

        return [.. _notes.Select((note, place) => (note, counts[place])).Where(static pair => pair.Item2 > 0)];
    }

    // The place of the key, or the free one where it would be.
    private int SlotOf(AddressKey key)
    {
        var mask = _slots.Length - 1;
        var slot = HashCode.Combine(_salt, key) & mask;
        while (_slots[slot] is > 0 and var at && _keys[at - 1] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    // At most three quarters are taken.
    private static int[] NewSlots(int room) => new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(room * 4L / 3) + 1)];

    private static int Random() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
}
