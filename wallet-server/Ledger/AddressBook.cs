using System.Collections.Immutable;

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

/// <summary>All notes by address text.</summary>
internal sealed class AddressBook
{
    private readonly ImmutableDictionary<string, AddressEntry> _entries;

    private AddressBook(ImmutableDictionary<string, AddressEntry> entries) => _entries = entries;

    /// <summary>No address noted.</summary>
    public static AddressBook Empty { get; } = new(ImmutableDictionary.Create<string, AddressEntry>(StringComparer.Ordinal));

    /// <summary>Every note.</summary>
    public IEnumerable<KeyValuePair<string, AddressEntry>> Entries => _entries;

    /// <summary>The note, also of a change address; null when there is none.</summary>
    public AddressEntry? Find(string address) => _entries.GetValueOrDefault(address);

    /// <summary>The note of an address somebody named; null for change and strangers.</summary>
    public AddressEntry? FindNamed(string address) => Find(address) is { IsChange: false } entry ? entry : null;

    /// <summary>The labels in use, sorted by their bytes, of one purpose or of all.</summary>
    public IReadOnlyCollection<string> Labels(string? purpose = null) =>
        new SortedSet<string>(
            _entries.Values.Where(entry => !entry.IsChange && (string.IsNullOrEmpty(purpose) || entry.Purpose == purpose))
                .Select(entry => entry.Label ?? ""),
            StringComparer.Ordinal);

    /// <summary>The addresses that carry a label.</summary>
    public IEnumerable<KeyValuePair<string, AddressEntry>> WithLabel(string label) =>
        _entries.Where(entry => entry.Value.Label == label);

    /// <summary>The book with some notes replaced.</summary>
    public AddressBook With(IEnumerable<KeyValuePair<string, AddressEntry>> changes) => new(_entries.SetItems(changes));
}
