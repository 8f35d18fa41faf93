using System.Collections.Immutable;
using Dash.Primitives.Addresses;
using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Ledger;

/// <summary>What the user and the wallet noted about an address.</summary>
/// <param name="Label">The label; null for an address nobody named (change).</param>
/// <param name="Purpose"><c>receive</c>, <c>send</c> or, when never said, <c>unknown</c>.</param>
/// <param name="IsUsed">Spent from while the wallet avoided reuse.</param>
internal sealed record AddressEntry(string? Label, string Purpose, bool IsUsed)
{
    /// <summary>Nothing noted.</summary>
    public static AddressEntry Unknown { get; } = new(null, "unknown", false);

    /// <summary>Nobody named it: money paid to it is change.</summary>
    public bool IsChange => Label is null;
}

/// <summary>
/// All notes on addresses. Very many of them take little memory: the bulk is a shared table, what changed since lies over it
/// until it is worth a new table. Immutable.
/// </summary>
internal sealed class AddressBook
{
    private const int SmallestFold = 1024;

    private static readonly ImmutableDictionary<string, AddressEntry> NoTexts =
        ImmutableDictionary.Create<string, AddressEntry>(StringComparer.Ordinal);

    private readonly AddressPrefixes? _prefixes;
    private readonly AddressTable _table;
    private readonly ImmutableDictionary<AddressKey, AddressEntry> _changed;

    // Texts that are no address of the network; a file may have them.
    private readonly ImmutableDictionary<string, AddressEntry> _texts;

    private AddressBook(
        AddressPrefixes? prefixes,
        AddressTable table,
        ImmutableDictionary<AddressKey, AddressEntry> changed,
        ImmutableDictionary<string, AddressEntry> texts)
    {
        _prefixes = prefixes;
        _table = table;
        _changed = changed;
        _texts = texts;
    }

    /// <summary>No address noted, on no network.</summary>
    public static AddressBook Empty { get; } =
        new(null, new AddressTable(0), ImmutableDictionary<AddressKey, AddressEntry>.Empty, NoTexts);

    /// <summary>Every note.</summary>
    public IEnumerable<KeyValuePair<string, AddressEntry>> Entries => Where(static _ => true);

    /// <summary>A book of a network.</summary>
    /// <param name="prefixes">How the network writes addresses.</param>
    /// <param name="table">Notes to begin with; not changed any more.</param>
    public static AddressBook Of(AddressPrefixes prefixes, AddressTable table) =>
        new(prefixes, table, ImmutableDictionary<AddressKey, AddressEntry>.Empty, NoTexts);

    /// <summary>The note, also of a change address; null when there is none.</summary>
    public AddressEntry? Find(string address) =>
        _prefixes is not null && AddressKey.Of(address, _prefixes) is { } key ? Find(key) : _texts.GetValueOrDefault(address);

    /// <summary>The same for whom a script pays.</summary>
    public AddressEntry? Find(Script script) => AddressKey.Of(script) is { } key
        ? _prefixes is null ? null : Find(key)
        : null;

    /// <summary>The note of an address somebody named; null for change and strangers.</summary>
    public AddressEntry? FindNamed(string address) => Find(address) is { IsChange: false } entry ? entry : null;

    /// <summary>The same for whom a script pays.</summary>
    public AddressEntry? FindNamed(Script script) => Find(script) is { IsChange: false } entry ? entry : null;

    /// <summary>The same for what an address names.</summary>
    public AddressEntry? FindNamed(AddressKey address) => _prefixes is not null && Find(address) is { IsChange: false } entry ? entry : null;

    /// <summary>The labels in use, sorted by their bytes, of one purpose or of all.</summary>
    public IReadOnlyCollection<string> Labels(string? purpose = null)
    {
        var notes = _changed.IsEmpty
            ? _table.Notes().Select(static pair => pair.Note)
            : _table.Entries.Where(entry => !_changed.ContainsKey(entry.Key)).Select(static entry => entry.Value);
        return new SortedSet<string>(
            notes.Concat(_changed.Values).Concat(_texts.Values)
                .Where(entry => !entry.IsChange && (string.IsNullOrEmpty(purpose) || entry.Purpose == purpose))
                .Select(static entry => entry.Label ?? ""),
            CodePointOrder.Instance);
    }

    /// <summary>The addresses that carry a label.</summary>
    public IEnumerable<KeyValuePair<string, AddressEntry>> WithLabel(string label) => Where(entry => entry.Label == label);

    /// <summary>The addresses somebody named, without their texts.</summary>
    public IEnumerable<KeyValuePair<AddressKey, AddressEntry>> Named() => Keys(static entry => !entry.IsChange);

    /// <summary>The book with some notes replaced.</summary>
    public AddressBook With(IEnumerable<KeyValuePair<string, AddressEntry>> changes)
    {
        var changed = _changed.ToBuilder();
        var texts = _texts.ToBuilder();
        foreach (var (address, entry) in changes)
        {
            if (_prefixes is not null && AddressKey.Of(address, _prefixes) is { } key)
            {
                changed[key] = entry;
            }
            else
            {
                texts[address] = entry;
            }
        }

        return changed.Count > Math.Max(SmallestFold, _table.Count / 8)
            ? new(_prefixes, Fold(changed), ImmutableDictionary<AddressKey, AddressEntry>.Empty, texts.ToImmutable())
            : new(_prefixes, _table, changed.ToImmutable(), texts.ToImmutable());
    }

    private AddressEntry? Find(AddressKey key) => _changed.TryGetValue(key, out var changed) ? changed : _table.Find(key);

    private IEnumerable<KeyValuePair<AddressKey, AddressEntry>> Keys(Func<AddressEntry, bool> isWanted)
    {
        foreach (var entry in _table.Entries)
        {
            if (isWanted(entry.Value) && !_changed.ContainsKey(entry.Key))
            {
                yield return entry;
            }
        }

        foreach (var entry in _changed)
        {
            if (isWanted(entry.Value))
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<KeyValuePair<string, AddressEntry>> Where(Func<AddressEntry, bool> isWanted)
    {
        if (_prefixes is not null)
        {
            foreach (var (key, entry) in Keys(isWanted))
            {
                yield return new(key.ToText(_prefixes), entry);
            }
        }

        foreach (var entry in _texts)
        {
            if (isWanted(entry.Value))
            {
                yield return entry;
            }
        }
    }

    private AddressTable Fold(IEnumerable<KeyValuePair<AddressKey, AddressEntry>> changed)
    {
        var table = new AddressTable(_table.Count + (_table.Count / 8) + SmallestFold);
        foreach (var (key, entry) in _table.Entries)
        {
            table.Put(key, entry);
        }

        foreach (var (key, entry) in changed)
        {
            table.Put(key, entry);
        }

        return table;
    }
}
