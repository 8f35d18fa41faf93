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
            return Parse(SettingsFile.Read(_path).Get(Key) ?? default);
        }
        catch (OptionException e)
        {
            Log.BanFileUnreadable(log, _path, e.Reason ?? e.Message);
        }
        catch (FormatException e)
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
        IEnumerable<JsonElement> entries = list.ValueKind switch
        {
            JsonValueKind.Array => list.EnumerateArray(),
            JsonValueKind.Object => list.EnumerateObject().Select(static member => member.Value),
            _ => throw new FormatException("JSON value is not an object or array as expected"),
        };
        SortedDictionary<NetSubnet, BanEntry> bans = [];
        foreach (var entry in entries)
        {
            var version = Number(entry, "version");
            if (version is < int.MinValue or > int.MaxValue)
            {
                throw OutOfRange();
            }

            if (version != Version)
            {
                Log.BanOfLaterVersion(log, version);
                continue;
            }

            var text = Member(entry, "address", JsonValueKind.String).GetString() ?? "";
            if (NetSubnet.TryParse(text, takesCjdns: true, out var subnet) || NetSubnet.TryParse(text, takesCjdns: false, out subnet))
            {
                bans[subnet] = new BanEntry(Number(entry, "ban_created"), Number(entry, "banned_until"));
            }
            else
            {
                Log.BanUnknown(log, text);
            }
        }

        return bans;
    }

    private static long Number(JsonElement entry, string name) =>
        Member(entry, name, JsonValueKind.Number).TryGetInt64(out var number) ? number : throw OutOfRange();

    // What is not there is as good as null, also where there are no members at all.
    private static JsonElement Member(JsonElement entry, string name, JsonValueKind kind)
    {
        var value = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var member) ? member : default;
        return value.ValueKind == kind
            ? value
            : throw new FormatException($"JSON value of type {NameOf(value.ValueKind)} is not of expected type {NameOf(kind)}");
    }

    private static FormatException OutOfRange() => new("JSON integer out of range");

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}
