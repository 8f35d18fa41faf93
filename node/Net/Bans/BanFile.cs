using System.Text.Json;
using Dash.Common.Options;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Bans;

/// <summary>banlist.json, laid out as dashd does: one list of objects under <c>banned_nets</c>.</summary>
internal sealed class BanFile(string directory, ILogger log)
{
    private const string Key = "banned_nets";
    private const int Version = 1;

    private readonly string _path = Path.Combine(directory, "banlist.json");

    /// <summary>What the file holds; null if there is none or it can't be read.</summary>
    public SortedDictionary<NetSubnet, BanEntry>? Read()
    {
        var old = Path.Combine(directory, "banlist.dat");
        if (File.Exists(old))
        {
            Log.OldBanFile(log, old);
        }

        if (!File.Exists(_path))
        {
            return null;
        }

        try
        {
            var bans = SettingsFile.Read(_path).Get(Key);
            return bans is { } list ? Parse(list) : throw new FormatException("JSON value is not an array as expected");
        }
        catch (OptionException e)
        {
            var reason = e.Message.ReplaceLineEndings(" ");
            Log.BanFileUnreadable(log, _path, reason);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            Log.BanFileInvalid(log, _path, e.Message);
        }

        return null;
    }

    /// <summary>Replaces the file.</summary>
    public void Write(IReadOnlyCollection<KeyValuePair<NetSubnet, BanEntry>> bans)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            foreach (var (subnet, entry) in bans)
            {
                json.WriteStartObject();
                json.WriteNumber("version", Version);
                json.WriteNumber("ban_created", entry.Created);
                json.WriteNumber("banned_until", entry.Until);
                json.WriteString("address", subnet.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        SettingsFile.Empty(_path).Update(Key, _ => document.RootElement);
    }

    private SortedDictionary<NetSubnet, BanEntry> Parse(JsonElement list)
    {
        SortedDictionary<NetSubnet, BanEntry> bans = [];
        foreach (var entry in list.EnumerateArray())
        {
            var version = entry.GetProperty("version").GetInt32();
            if (version != Version)
            {
                Log.BanOfLaterVersion(log, version);
                continue;
            }

            var text = entry.GetProperty("address").GetString() ?? "";
            if (NetSubnet.TryParse(text, takesCjdns: true, out var subnet) || NetSubnet.TryParse(text, takesCjdns: false, out subnet))
            {
                bans[subnet] = new BanEntry(entry.GetProperty("ban_created").GetInt64(), entry.GetProperty("banned_until").GetInt64());
            }
            else
            {
                Log.BanUnknown(log, text);
            }
        }

        return bans;
    }
}
