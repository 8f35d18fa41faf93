using System.Text.Encodings.Web;
using System.Text.Json;
using Dash.Common.Storage;

namespace Dash.Common.Options;

/// <summary>
/// settings.json: what the daemon itself remembers between starts (the wallets to load). The file is replaced atomically. A node
/// and a wallet daemon may have it together and start at the same moment: they take turns. Safe to use from any thread.
/// </summary>
public sealed class SettingsFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new(); // protects _values and the order of writes
    private readonly SortedDictionary<string, JsonElement> _values;
    private readonly bool _isShared; // by processes

    private SettingsFile(string path, SortedDictionary<string, JsonElement> values, bool isShared = true)
    {
        Path = path;
        _values = values;
        _isShared = isShared;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// A file of that name which no other process writes, and whose present contents don't matter: the first change replaces it.
    /// Nothing is left beside it.
    /// </summary>
    public static SettingsFile Empty(string path) =>
        new(path, new SortedDictionary<string, JsonElement>(StringComparer.Ordinal), isShared: false);

    /// <summary>Reads the file; one that is missing or empty has no settings.</summary>
    /// <exception cref="OptionException">The file cannot be read or is not a JSON object.</exception>
    public static SettingsFile Read(string path)
    {
        var values = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (!File.Exists(path)) return new(path, values);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"{path}. Please check permissions.", e);
        }

        if (bytes.Length == 0) return new(path, values);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Failed($"Found non-object value {Compact(document.RootElement)} in settings file {path}");
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!values.TryAdd(member.Name, member.Value.Clone()))
                    throw Failed($"Found duplicate key {member.Name} in settings file {path}");
            }
        }
        catch (JsonException e)
        {
            throw Failed($"Unable to parse settings file {path}", e);
        }

        return new(path, values);
    }

    /// <summary>The value of a setting, or null.</summary>
    public JsonElement? Get(string name)
    {
        lock (_gate) return _values.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>A copy of all settings, in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Snapshot()
    {
        lock (_gate) return [.. _values];
    }

    /// <summary>
    /// Changes one setting and stores the file: <paramref name="change"/> gets the present value (null: none) and returns the
    /// new one (null: remove).
    /// </summary>
    /// <exception cref="IOException">The file could not be written; the setting is as it was.</exception>
    public void Update(string name, Func<JsonElement?, JsonElement?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            JsonElement? before = _values.TryGetValue(name, out var value) ? value : null;
            Set(name, change(before));
            try
            {
                Store();
            }
            catch
            {
                Set(name, before);
                throw;
            }
        }
    }

    /// <summary>Takes a setting as given, without storing it by itself: the next change stores it too.</summary>
    public void Assume(string name, JsonElement value)
    {
        lock (_gate) Set(name, value);
    }

    /// <summary>Stores the file as it is, so that it exists. What another process stored since it was read stays.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void Write()
    {
        lock (_gate)
        {
            using var turn = TakeTurn();
            foreach (var (name, value) in Read(Path)._values) Set(name, value);
            Replace();
        }
    }

    /// <summary>A value as it is logged: without spaces between elements.</summary>
    internal static string Compact(JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static OptionException Failed(string reason, Exception? cause = null)
    {
        var text = $"Failed loading settings file:\n- {reason}\n";
        return cause is null ? new(text) { Reason = reason } : new(text, cause) { Reason = reason };
    }

    private void Set(string name, JsonElement? value)
    {
        if (value is { } present) _values[name] = present;
        else _values.Remove(name);
    }

    private void Store()
    {
        using var turn = _isShared ? TakeTurn() : null;
        Replace();
    }

    // The system lets go of it when a process dies.
    private FileStream TakeTurn()
    {
        using ManualResetEvent never = new(false);
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (waited < Patience && File.Exists(Path + ".lock"))
            {
                never.WaitOne(Pause);
            }
        }
    }

    private void Replace()
    {
        var temporary = Path + ".tmp";
        var format = new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            using (var json = new Utf8JsonWriter(file, format))
            {
                json.WriteStartObject();
                foreach (var (name, value) in _values)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }

                json.WriteEndObject();
            }

            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path, overwrite: true);
        DirectoryEntries.Flush(Path);
    }
}
