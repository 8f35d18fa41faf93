using System.Buffers;
using System.Globalization;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Evo;

/// <summary>
/// One address of a masternode: a service address, or a domain and a port; neither if what was read made no sense.
/// </summary>
public sealed record NetInfoEntry
{
    /// <summary>What stands for an entry that made no sense.</summary>
    public static readonly NetInfoEntry Invalid = new();

    private const byte ServiceType = 1;
    private const byte DomainType = 2;
    private const byte InvalidType = 0xff;
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> DomainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private NetInfoEntry()
    {
    }

    /// <summary>An entry of an address.</summary>
    public NetInfoEntry(ServiceAddress service)
    {
        Service = service;
    }

    /// <summary>The address, if it is one.</summary>
    public ServiceAddress? Service { get; }

    /// <summary>The domain in lower case, if it is one.</summary>
    public string? Domain { get; private init; }

    /// <summary>The domain's port.</summary>
    public ushort DomainPort { get; private init; }

    /// <summary>Whether it is an address or a domain.</summary>
    public bool IsValid => Service is not null || Domain is not null;

    /// <summary>The port of either; 0 for neither.</summary>
    public ushort Port => Service?.Port ?? DomainPort;

    /// <summary>The address or domain without port.</summary>
    public string AddressText => Service?.ToAddressString() ?? Domain ?? "[invalid entry]";

    /// <summary>An entry of a domain; invalid if it is none.</summary>
    public static NetInfoEntry OfDomain(string domain, ushort port)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return port != 0 && IsDomain(domain)
            ? new NetInfoEntry { Domain = domain, DomainPort = port }
            : Invalid;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Domain is null ? Service?.ToString() ?? AddressText : Domain + ":" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads one; one that makes no sense is <see cref="Invalid"/>.</summary>
    internal static NetInfoEntry Read(ref SpanReader reader)
    {
        switch (reader.ReadByte())
        {
            case ServiceType:
                // Core reads on behind what it could not make sense of.
                try
                {
                    return ServiceAddress.ReadExtended(ref reader) is { } service ? new NetInfoEntry(service) : Invalid;
                }
                catch (EncodingException)
                {
                    return Invalid;
                }

            case DomainType:
                try
                {
                    var domain = System.Text.Encoding.Latin1.GetString(reader.ReadVarBytes());
                    return OfDomain(domain, reader.ReadUInt16BigEndian());
                }
                catch (EncodingException)
                {
                    return Invalid;
                }

            default:
                return Invalid;
        }
    }

    /// <summary>
    /// Writes the bytes by which no two masternodes may have it: IP addresses as before version 3, what that form has no
    /// room for as BIP155 has it, domains as text. Nothing for an invalid one.
    /// </summary>
    public void WriteUnique(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Domain is not null)
        {
            writer.WriteVarBytes(System.Text.Encoding.Latin1.GetBytes(Domain));
            writer.WriteUInt16BigEndian(DomainPort);
        }
        else if (Service?.Network is ServiceNetwork.IPv4 or ServiceNetwork.IPv6)
        {
            ServiceAddress.WriteLegacy(writer, Service);
        }
        else
        {
            Service?.WriteExtended(writer);
        }
    }

    /// <summary>Writes it.</summary>
    internal void Write(ByteWriter writer)
    {
        if (Service is not null)
        {
            writer.WriteByte(ServiceType);
            Service.WriteExtended(writer);
        }
        else if (Domain is not null)
        {
            writer.WriteByte(DomainType);
            writer.WriteVarBytes(System.Text.Encoding.Latin1.GetBytes(Domain));
            writer.WriteUInt16BigEndian(DomainPort);
        }
        else
        {
            writer.WriteByte(InvalidType);
        }
    }

    // RFC1035 with at least two labels, in lower case.
    private static bool IsDomain(string text) =>
        text.Length is >= 3 and <= MaxDomain
        && !text.AsSpan().ContainsAnyExcept(DomainCharacters)
        && text.Contains('.', StringComparison.Ordinal)
        && text.Split('.').All(static label =>
            label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-');
}
