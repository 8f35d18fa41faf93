using System.Text.Json;
using Dash.Common.Time;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class GetPeerInfo
{
    public static readonly NodeMethod Method = new("network", "getpeerinfo", "What is known of every connected peer.")
    {
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Num("id", "The peer's number; numbers only grow."),
                Result.Str("addr", "Where it is, or the name by which it was called."),
                Result.Str("addrbind", "Our end of the connection.", optional: true),
                Result.Str("addrlocal", "Where it sees us.", optional: true),
                Result.Str("network", "Its network (ipv4, ipv6, onion, i2p, cjdns, not_publicly_routable)."),
                Result.Num("mapped_as", "The autonomous system it belongs to, with -asmap.", optional: true),
                Result.Hex("services", "What it offers, as bits."),
                Result.Arr("servicesnames", "The same as names.", Result.Str("SERVICE_NAME", "A name.")),
                Result.Hex("verified_proregtx_hash", "Of a masternode that proved to be one: its registration.", optional: true),
                Result.Hex("verified_pubkey_hash", "Of a masternode that proved to be one: the hash of its operator key.", optional: true),
                Result.Bool("relaytxes", "Whether transactions are relayed to it.", optional: true),
                Result.Time("lastsend", "When something was last sent to it."),
                Result.Time("lastrecv", "When something last came from it."),
                Result.Time("last_transaction", "When it last sent a transaction that was accepted."),
                Result.Time("last_block", "When it last sent a new block."),
                Result.Num("bytessent", "Bytes sent."),
                Result.Num("bytesrecv", "Bytes received."),
                Result.Time("conntime", "Since when it is connected."),
                Result.Num("timeoffset", "Seconds its clock is ahead."),
                Result.Num("pingtime", "How long the last ping took, seconds.", optional: true),
                Result.Num("minping", "How long the fastest ping took, seconds.", optional: true),
                Result.Num("pingwait", "For how long a ping has been waited for, seconds.", optional: true),
                Result.Num("version", "Its protocol version."),
                Result.Str("subver", "Name and version of its program."),
                Result.Bool("inbound", "Whether it connected to us."),
                Result.Bool("bip152_hb_to", "Whether we asked it to announce blocks as compact blocks."),
                Result.Bool("bip152_hb_from", "Whether it asked us to."),
                Result.Bool("masternode", "Whether it connected as one masternode to another."),
                Result.Num("banscore", "What it is blamed for; with -deprecatedrpc=banscore.", optional: true),
                Result.Num("startingheight", "Height of its chain when it connected."),
                Result.Num("synced_headers", "Height of the last header both have; -1 if not known."),
                Result.Num("synced_blocks", "Height of the last block both have; -1 if not known."),
                Result.Arr("inflight", "Heights of the blocks it is asked for.", Result.Num("n", "A height.")),
                Result.Bool("addr_relay_enabled", "Whether addresses are exchanged with it."),
                Result.Num("addr_processed", "Addresses of it that were looked at."),
                Result.Num("addr_rate_limited", "Addresses of it that came too fast and were dropped."),
                Result.Arr("permissions", "What it may do that others may not.", Result.Str("permission_type", "A permission.")),
                Result.ObjDyn("bytessent_per_msg", "Bytes sent by message.", Result.Num("msg", "Bytes.")),
                Result.ObjDyn("bytesrecv_per_msg", "Bytes received by message; those of unknown messages under *other*.", Result.Num("msg", "Bytes.")),
                Result.Str("connection_type", "inbound, manual, feeler, outbound-full-relay, block-relay-only or addr-fetch."),
                Result.Str("transport_protocol_type", "v1, v2, or detecting as long as it is not known."),
                Result.Str("session_id", "Names the encrypted session; empty without one."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStartArray();
        foreach (var peer in call.Node.Peers.Peers.All)
        {
            result.WriteStartObject();
            WriteConnection(result, peer, call.Node.Peers.Surroundings.Addresses.Groups.MappedAs(peer.Address.Address));
            WriteTraffic(result, peer, call.Node.Clock);
            WriteState(result, peer, call.Node.IsDeprecatedEnabled("banscore"));
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    private static void WriteConnection(Utf8JsonWriter result, Peer peer, uint system)
    {
        result.WriteNumber("id", peer.Id);
        result.WriteString("addr", peer.Name);
        if (peer.Bind is { Address.IsValid: true } bind)
        {
            result.WriteString("addrbind", bind.ToString());
        }

        if (peer.LocalAddress is { Address.IsValid: true } local)
        {
            result.WriteString("addrlocal", local.ToString());
        }

        result.WriteString("network", NetworkNames.Of(peer.Network));
        if (system != 0)
        {
            result.WriteNumber("mapped_as", system);
        }

        result.WriteString("services", ServiceNames.ToHex(peer.Services));
        result.WriteStrings("servicesnames", ServiceNames.Of(peer.Services));
        result.WriteBoolean("relaytxes", peer.RelaysTransactions);
    }

    private static void WriteTraffic(Utf8JsonWriter result, Peer peer, Clock clock)
    {
        var connection = peer.Connection;
        result.WriteNumber("lastsend", connection.LastSend);
        result.WriteNumber("lastrecv", connection.LastReceive);
        result.WriteNumber("last_transaction", peer.LastTransaction);
        result.WriteNumber("last_block", peer.LastBlock);
        result.WriteNumber("bytessent", connection.SentTraffic.Total);
        result.WriteNumber("bytesrecv", connection.ReceivedTraffic.Total);
        result.WriteNumber("conntime", peer.ConnectedAt);
        result.WriteNumber("timeoffset", peer.TimeOffset);
        var pings = peer.Pings;
        if (pings.LastUs is > 0 and var last)
        {
            result.WriteNumber("pingtime", last / 1_000_000m);
        }

        if (pings.MinimumUs is { } least)
        {
            result.WriteNumber("minping", least / 1_000_000m);
        }

        var wait = clock.UnixMicroseconds - pings.StartUs;
        if (pings.Nonce != 0 && wait > 0)
        {
            result.WriteNumber("pingwait", wait / 1_000_000m);
        }
    }

    private static void WriteState(Utf8JsonWriter result, Peer peer, bool showsScore)
    {
        result.WriteNumber("version", peer.Version);
        result.WriteString("subver", peer.Subversion);
        result.WriteBoolean("inbound", peer.IsInbound);
        result.WriteBoolean("bip152_hb_to", peer.AnnouncesCompact);
        result.WriteBoolean("bip152_hb_from", peer.WantsCompactAnnouncements);
        result.WriteBoolean("masternode", peer.IsMasternodeConnection);
        if (showsScore)
        {
            result.WriteNumber("banscore", peer.MisbehaviorScore);
        }

        result.WriteNumber("startingheight", peer.StartingHeight);
        result.WriteNumber("synced_headers", peer.SyncedHeaders);
        result.WriteNumber("synced_blocks", peer.SyncedBlocks);
        result.WriteStartArray("inflight");
        foreach (var height in peer.HeightsInFlight)
        {
            result.WriteNumberValue(height);
        }

        result.WriteEndArray();
        result.WriteBoolean("addr_relay_enabled", peer.RelaysAddresses);
        result.WriteNumber("addr_processed", peer.AddressesProcessed);
        result.WriteNumber("addr_rate_limited", peer.AddressesDropped);
        result.WriteStrings("permissions", PermissionNames.Of(peer.Permissions));
        WriteCounts(result, "bytessent_per_msg", peer.Connection.SentTraffic);
        WriteCounts(result, "bytesrecv_per_msg", peer.Connection.ReceivedTraffic);
        result.WriteString("connection_type", ConnectionTypeNames.Of(peer.Type));
        result.WriteString("transport_protocol_type", peer.Connection.Transport.Protocol switch
        {
            TransportProtocol.V1 => "v1",
            TransportProtocol.V2 => "v2",
            _ => "detecting",
        });
        result.WriteString("session_id", peer.Connection.Transport.SessionId);
    }

    private static void WriteCounts(Utf8JsonWriter result, string name, TrafficCount count)
    {
        result.WriteStartObject(name);
        foreach (var (type, bytes) in count.ByType())
        {
            result.WriteNumber(type, bytes);
        }

        result.WriteEndObject();
    }
}
