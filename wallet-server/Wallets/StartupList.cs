using System.Text.Json;
using Dash.Common.Options;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Wallets;

/// <summary>Which wallets the next start loads: the list <c>wallet</c> in settings.json. Any thread.</summary>
/// <param name="file">The settings; null where nothing is remembered (<c>-nosettings</c>).</param>
internal sealed class StartupList(SettingsFile? file)
{
    private const string Setting = "wallet";

    // Where there is no file: what would stand there, so that who says what is so already hears nothing, as in Core.
    private readonly HashSet<string> _unstored = new(StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names => NamesIn(file?.Get(Setting));

    /// <summary>Counts a wallet among them from the next change on, without storing it.</summary>
    public void Assume(string name) => file?.Assume(Setting, ToJson([name]));

    /// <summary>Whether the next start loads a wallet; null leaves that as it is.</summary>
    /// <returns>Warnings.</returns>
    /// <exception cref="WalletException">Nothing is remembered, and it was to be.</exception>
    public IReadOnlyList<string> Update(string name, bool? loadOnStart)
    {
        if (loadOnStart is not { } load)
        {
            return [];
        }

        if (file is null)
        {
            lock (_unstored)
            {
                return !(load ? _unstored.Add(name) : _unstored.Remove(name))
                    ? []
                    : throw new WalletException(WalletError.Misc, "Attempt to write settings file when dynamic settings are disabled.");
            }
        }

        if (IsSo(file.Get(Setting), name, load))
        {
            return [];
        }

        try
        {
            // Of others that are loaded or unloaded at the same time each changes what the one before it has stored.
            file.Update(Setting, stored => ToJson(load
                ? NamesIn(stored).Where(other => other != name).Append(name)
                : NamesIn(stored).Where(other => other != name)));
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [FailedSetting(load ? "not be loaded" : "still be loaded")];
        }
    }

    /// <summary>Names of wallets, as they are noted.</summary>
    public static IReadOnlyList<string> ToNames(JsonElement list) =>
        [.. list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString() ?? "")];

    /// <summary>What <see cref="ToNames"/> reads.</summary>
    public static JsonElement ToJson(IEnumerable<string> names)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var name in names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    // Only who has the name for itself changes whether it is in the list. An entry that is no list is replaced by one.
    private static bool IsSo(JsonElement? stored, string name, bool load) =>
        NamesIn(stored).Contains(name) == load && (load || stored is null or { ValueKind: JsonValueKind.Array });

    private static IReadOnlyList<string> NamesIn(JsonElement? stored) =>
        stored is { ValueKind: JsonValueKind.Array } list ? ToNames(list) : [];

    private static string FailedSetting(string outcome) =>
        $"Wallet load on startup setting could not be updated, so wallet may {outcome} next node startup.";
}
