using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Rpc.Protocol;

/// <summary>What blocks say of masternodes, in replies.</summary>
public static class ProTxJson
{
    /// <summary>The addresses by their purposes; ports of the platform from before version 3 among them.</summary>
    /// <param name="writer">Takes the member.</param>
    /// <param name="info">The addresses.</param>
    /// <param name="type">Which kind of masternode has them.</param>
    /// <param name="platform">Ports from before there were addresses for them.</param>
    public static void WriteAddresses(Utf8JsonWriter writer, NetInfo info, MasternodeType type, PlatformFields platform)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(info);
        writer.WriteStartObject("addresses");
        foreach (var purpose in info.Purposes.Where(purpose => !info.EntriesFor(purpose).IsEmpty))
        {
            writer.WriteStrings(PurposeName(purpose), info.EntriesFor(purpose).Select(static entry => entry.ToString()));
        }

        if (type == MasternodeType.Evo && !info.IsExtended && info.Primary is { } primary)
        {
            writer.WriteStrings(PurposeName(NetInfoPurpose.PlatformHttps), [WithPort(primary, platform.HttpPort)]);
            writer.WriteStrings(PurposeName(NetInfoPurpose.PlatformP2p), [WithPort(primary, platform.P2pPort)]);
        }

        writer.WriteEndObject();
    }

    /// <summary>The word for what an address is for.</summary>
    public static string PurposeName(NetInfoPurpose purpose) => purpose switch
    {
        NetInfoPurpose.CoreP2p => "core_p2p",
        NetInfoPurpose.PlatformP2p => "platform_p2p",
        _ => "platform_https",
    };

    /// <summary>An address with another port.</summary>
    public static string WithPort(ServiceAddress address, ushort port)
    {
        var text = address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{text[..text.LastIndexOf(':')]}:{port}");
    }

    /// <summary>A platform node's id as replies have it: the last byte first.</summary>
    public static string NodeIdOf(PlatformFields platform)
    {
        Span<byte> bytes = stackalloc byte[Hash160.Size];
        platform.NodeId.CopyTo(bytes);
        bytes.Reverse();
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Writes the member of a registration.</summary>
    internal static void Write(Utf8JsonWriter writer, ProRegTx payload, AddressPrefixes prefixes)
    {
        writer.WriteStartObject("proRegTx");
        writer.WriteNumber("version", payload.Version);
        writer.WriteNumber("type", (ushort)payload.Type);
        writer.WriteHash("collateralHash", payload.Collateral.Txid);
        writer.WriteNumber("collateralIndex", payload.Collateral.Index);
        WriteAddresses(writer, payload.NetInfo, payload.Type, payload.Platform);
        writer.WriteString("ownerAddress", AddressOf(payload.OwnerKeyId, prefixes));
        writer.WriteString("votingAddress", AddressOf(payload.VotingKeyId, prefixes));
        WritePayee(writer, "payoutAddress", payload.Payout, prefixes);
        writer.WriteHex("pubKeyOperator", payload.OperatorKey.Span);
        writer.WriteReal("operatorReward", payload.OperatorReward / 100.0);
        WriteNodeId(writer, payload.Type, payload.Platform);
        writer.WriteHash("inputsHash", payload.InputsHash);
        writer.WriteEndObject();
    }

    /// <summary>Writes the member of a change of where a masternode is.</summary>
    internal static void Write(Utf8JsonWriter writer, ProUpServTx payload, AddressPrefixes prefixes)
    {
        writer.WriteStartObject("proUpServTx");
        writer.WriteNumber("version", payload.Version);
        writer.WriteNumber("type", (ushort)payload.Type);
        writer.WriteHash("proTxHash", payload.ProTxHash);
        WriteAddresses(writer, payload.NetInfo, payload.Type, payload.Platform);
        WritePayee(writer, "operatorPayoutAddress", payload.OperatorPayout, prefixes);
        WriteNodeId(writer, payload.Type, payload.Platform);
        writer.WriteHash("inputsHash", payload.InputsHash);
        writer.WriteEndObject();
    }

    /// <summary>Writes the member of a change of who runs a masternode.</summary>
    internal static void Write(Utf8JsonWriter writer, ProUpRegTx payload, AddressPrefixes prefixes)
    {
        writer.WriteStartObject("proUpRegTx");
        writer.WriteNumber("version", payload.Version);
        writer.WriteHash("proTxHash", payload.ProTxHash);
        writer.WriteString("votingAddress", AddressOf(payload.VotingKeyId, prefixes));
        WritePayee(writer, "payoutAddress", payload.Payout, prefixes);
        writer.WriteHex("pubKeyOperator", payload.OperatorKey.Span);
        writer.WriteHash("inputsHash", payload.InputsHash);
        writer.WriteEndObject();
    }

    /// <summary>Writes the member of an operator's end.</summary>
    internal static void Write(Utf8JsonWriter writer, ProUpRevTx payload)
    {
        writer.WriteStartObject("proUpRevTx");
        writer.WriteNumber("version", payload.Version);
        writer.WriteHash("proTxHash", payload.ProTxHash);
        writer.WriteNumber("reason", (ushort)payload.Reason);
        writer.WriteHash("inputsHash", payload.InputsHash);
        writer.WriteEndObject();
    }

    private static string AddressOf(Hash160 keyId, AddressPrefixes prefixes) => AddressCodec.Encode(new Destination.PubKeyHash(keyId), prefixes);

    private static void WritePayee(Utf8JsonWriter writer, string name, Script script, AddressPrefixes prefixes)
    {
        if (Destination.FromScript(script) is not Destination.None and var payee)
        {
            writer.WriteString(name, AddressCodec.Encode(payee, prefixes));
        }
    }

    private static void WriteNodeId(Utf8JsonWriter writer, MasternodeType type, PlatformFields platform)
    {
        if (type == MasternodeType.Evo)
        {
            writer.WriteString("platformNodeID", NodeIdOf(platform));
        }
    }
}
