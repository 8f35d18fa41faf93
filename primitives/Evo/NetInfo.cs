using System.Collections.Immutable;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Evo;

/// <summary>
/// Where a masternode can be reached. Until version 3 of the payloads one IPv4 or IPv6 address; from then on several,
/// each for a purpose. Immutable.
/// </summary>
public sealed class NetInfo : IEquatable<NetInfo>
{
    /// <summary>Addresses there may be for one purpose.</summary>
    public const int MaxEntries = 4;

    private const byte CurrentFormat = 1;

    private static readonly string[] ForbiddenEndings =
    [
        ".mail", ".arpa", ".example", ".invalid", ".localhost", ".test", ".local", ".corp", ".home", ".internal",
        ".intranet", ".lan", ".private", ".i2p", ".onion",
    ];

    private readonly ImmutableSortedDictionary<byte, ImmutableArray<NetInfoEntry>> _entries;

    private NetInfo(
        bool isExtended, byte format, ImmutableSortedDictionary<byte, ImmutableArray<NetInfoEntry>> entries)
    {
        IsExtended = isExtended;
        Format = format;
        _entries = entries;
    }

    /// <summary>Whether it has the form of version 3, with purposes.</summary>
    public bool IsExtended { get; }

    /// <summary>Version of the extended form; of one that is not known nothing else is read.</summary>
    public byte Format { get; }

    /// <summary>Whether no address is given.</summary>
    public bool IsEmpty => _entries.IsEmpty && (!IsExtended || Format == CurrentFormat);

    /// <summary>All entries, in the order of their purposes.</summary>
    public IEnumerable<NetInfoEntry> Entries => _entries.Values.SelectMany(static entries => entries);

    /// <summary>The purposes there is a list for, with Core's numbers; also unknown ones.</summary>
    public IEnumerable<NetInfoPurpose> Purposes => _entries.Keys.Select(static purpose => (NetInfoPurpose)purpose);

    /// <summary>The address peers of the payment chain connect to first; null without one.</summary>
    public ServiceAddress? Primary => EntriesFor(NetInfoPurpose.CoreP2p) is [var first, ..] ? first.Service : null;

    /// <summary>The form of payloads before version 3, with one address or none.</summary>
    public static NetInfo OfAddress(ServiceAddress? address) => new(
        false,
        CurrentFormat,
        address is null
            ? ImmutableSortedDictionary<byte, ImmutableArray<NetInfoEntry>>.Empty
            : ImmutableSortedDictionary<byte, ImmutableArray<NetInfoEntry>>.Empty.Add(0, [new NetInfoEntry(address)]));

    /// <summary>The form of version 3.</summary>
    public static NetInfo OfEntries(IEnumerable<KeyValuePair<NetInfoPurpose, ImmutableArray<NetInfoEntry>>> entries) => new(
        true,
        CurrentFormat,
        entries.ToImmutableSortedDictionary(static pair => (byte)pair.Key, static pair => pair.Value));

    /// <summary>The entries for a purpose.</summary>
    public ImmutableArray<NetInfoEntry> EntriesFor(NetInfoPurpose purpose) =>
        _entries.TryGetValue((byte)purpose, out var entries) ? entries : [];

    /// <summary>
    /// The same with one more address, given as a text as calls take it: an IP address and port, and in the form of
    /// version 3 also a Tor or I2P name, or a domain. Gives what is wrong with it, and the addresses as they were.
    /// </summary>
    /// <param name="purpose">What the address is for; the form before version 3 knows the payment chain only.</param>
    /// <param name="text">The address.</param>
    /// <param name="rules">What the network asks of addresses.</param>
    /// <param name="result">The addresses with the new one.</param>
    public NetInfoStatus Add(NetInfoPurpose purpose, string text, NetInfoRules rules, out NetInfo result)
    {
        ArgumentNullException.ThrowIfNull(text);
        result = this;
        if (IsExtended ? purpose > NetInfoPurpose.PlatformHttps : purpose != NetInfoPurpose.CoreP2p || !IsEmpty)
        {
            return NetInfoStatus.MaxLimit;
        }

        var status = NetInfoText.Parse(text, IsExtended, rules, out var entry);
        if (status != NetInfoStatus.Success)
        {
            return status;
        }

        status = IsExtended ? ValidateService(entry, rules) : ValidateSingle(entry.Service!, rules); // the old form reads services only
        if (status == NetInfoStatus.Success && IsExtended)
        {
            status = FindRoom(entry, purpose);
        }

        if (status == NetInfoStatus.Success)
        {
            result = new NetInfo(IsExtended, Format, _entries.SetItem((byte)purpose, EntriesFor(purpose).Add(entry)));
        }

        return status;
    }

    /// <summary>What is wrong with the addresses on a network; duplicates between masternodes are looked for elsewhere.</summary>
    public NetInfoStatus Validate(NetInfoRules rules)
    {
        if (!IsExtended)
        {
            return Primary is { } address ? ValidateSingle(address, rules) : NetInfoStatus.Malformed;
        }

        if (Format != CurrentFormat || _entries.IsEmpty)
        {
            return NetInfoStatus.Malformed;
        }

        if (HasRepeated(Entries.Select(static entry => entry.ToString())))
        {
            return NetInfoStatus.Duplicate;
        }

        foreach (var (purpose, entries) in _entries)
        {
            var status = purpose > (byte)NetInfoPurpose.PlatformHttps || entries.IsEmpty ? NetInfoStatus.Malformed
                : HasRepeated(entries.Select(static entry => entry.AddressText)) ? NetInfoStatus.Duplicate
                : entries.Select(entry => ValidateEntry(entry, (NetInfoPurpose)purpose, rules))
                    .FirstOrDefault(static status => status != NetInfoStatus.Success);
            if (status != NetInfoStatus.Success)
            {
                return status;
            }
        }

        return NetInfoStatus.Success;
    }

    /// <inheritdoc/>
    public bool Equals(NetInfo? other)
    {
        if (other is null || IsExtended != other.IsExtended)
        {
            return false;
        }

        var own = new ByteWriter(64);
        var others = new ByteWriter(64);
        Write(own);
        other.Write(others);
        return own.WrittenSpan.SequenceEqual(others.WrittenSpan);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetInfo);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsExtended, Format, Primary);

    /// <summary>Reads either form; throws <see cref="EncodingException"/>.</summary>
    public static NetInfo Read(ref SpanReader reader, bool isExtended)
    {
        if (!isExtended)
        {
            return OfAddress(ServiceAddress.ReadLegacy(ref reader));
        }

        var format = reader.ReadByte();
        var entries = ImmutableSortedDictionary.CreateBuilder<byte, ImmutableArray<NetInfoEntry>>();
        var purposes = format == CurrentFormat ? reader.ReadCount(2) : 0;
        for (var i = 0; i < purposes; i++)
        {
            var purpose = reader.ReadByte();
            var list = ImmutableArray.CreateBuilder<NetInfoEntry>(reader.ReadCount(1));
            while (list.Count < list.Capacity)
            {
                list.Add(NetInfoEntry.Read(ref reader));
            }

            // The first list of a purpose counts.
            entries.TryAdd(purpose, list.ToImmutable());
        }

        return new NetInfo(true, format, entries.ToImmutable());
    }

    /// <summary>Writes it in its form.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (!IsExtended)
        {
            ServiceAddress.WriteLegacy(writer, Primary);
            return;
        }

        writer.WriteByte(Format);
        if (Format != CurrentFormat)
        {
            return;
        }

        writer.WriteCompactSize(_entries.Count);
        foreach (var (purpose, entries) in _entries)
        {
            writer.WriteByte(purpose);
            writer.WriteCompactSize(entries.Length);
            foreach (var entry in entries)
            {
                entry.Write(writer);
            }
        }
    }

    private static NetInfoStatus ValidateSingle(ServiceAddress address, NetInfoRules rules) =>
        address.Network != ServiceNetwork.IPv4 ? NetInfoStatus.BadType
        : rules.RequireRoutable && !address.IsRoutable(rules.AllowsPrivate) ? NetInfoStatus.NotRoutable
        : rules.IsMainnet != (address.Port == rules.MainnetPort) ? NetInfoStatus.BadPort
        : NetInfoStatus.Success;

    // Core: ProcessCandidate.
    private NetInfoStatus FindRoom(NetInfoEntry entry, NetInfoPurpose purpose)
    {
        var entries = EntriesFor(purpose);
        return Entries.Any(known => known.ToString() == entry.ToString()) ? NetInfoStatus.Duplicate
            : entry.Domain is not null && purpose != NetInfoPurpose.PlatformHttps ? NetInfoStatus.BadInput
            : entries.Length >= MaxEntries ? NetInfoStatus.MaxLimit
            : entries.Any(known => known.AddressText == entry.AddressText) ? NetInfoStatus.Duplicate
            : NetInfoStatus.Success;
    }

    private static NetInfoStatus ValidateEntry(NetInfoEntry entry, NetInfoPurpose purpose, NetInfoRules rules) =>
        // Domains are for the platform's clients only.
        entry.Domain is not null && purpose != NetInfoPurpose.PlatformHttps
            ? NetInfoStatus.BadInput
            : ValidateService(entry, rules);

    private static NetInfoStatus ValidateService(NetInfoEntry entry, NetInfoRules rules)
    {
        if (entry.Service is { } service)
        {
            return rules.RequireRoutable && !service.IsRoutable(rules.AllowsPrivate) ? NetInfoStatus.NotRoutable
                : IsUsablePort(service) ? NetInfoStatus.Success
                : NetInfoStatus.BadPort;
        }

        if (entry.Domain is not { } domain)
        {
            return NetInfoStatus.Malformed;
        }

        // Only those that public name servers know.
        return NetInfoRules.IsBadPort(entry.DomainPort) && entry.DomainPort != 443 ? NetInfoStatus.BadPort
            : ForbiddenEndings.Any(ending => domain.EndsWith(ending, StringComparison.Ordinal))
                || !domain[(domain.LastIndexOf('.') + 1)..].All(char.IsAsciiLetter) ? NetInfoStatus.BadInput
            : NetInfoStatus.Success;
    }

    // I2P knows no ports.
    private static bool IsUsablePort(ServiceAddress service) =>
        service.Network == ServiceNetwork.I2p
            ? service.Port == 0
            : service.Port != 0 && !NetInfoRules.IsBadPort(service.Port);

    private static bool HasRepeated(IEnumerable<string> texts)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        return texts.Any(text => !known.Add(text));
    }
}
