using System.Text.Json;
using Dash.Common.Options;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Notes in a file which wallets are loaded, for the process that a node starts when this one has died: it loads the same ones. What a
/// start of the node itself loads is not in it but in settings.json. Any thread.
/// </summary>
internal sealed class LoadedNote
{
    /// <summary>The file's name, in the network's directory.</summary>
    public const string FileName = ".wallets-loaded";

    private const string Entry = "wallets";

    private readonly WalletDirectory _wallets;
    private readonly SettingsFile _file;
    private readonly Action<string> _failed;
    private readonly CancellationToken _stopping;

    private LoadedNote(WalletDirectory wallets, string path, Action<string> failed, CancellationToken stopping)
    {
        (_wallets, _file, _failed, _stopping) = (wallets, SettingsFile.Empty(path), failed, stopping);
    }

    /// <summary>
    /// Notes what is loaded now, and each change before whoever asked for it is answered. Not before all that the start loads is loaded:
    /// a process that dies on the way leaves the note of the one before it.
    /// </summary>
    /// <param name="wallets">The wallets.</param>
    /// <param name="path">The file.</param>
    /// <param name="failed">Is told why the file could not be written. Nothing is refused for that.</param>
    /// <param name="stopping">The wallets that are unloaded because the process ends stay noted.</param>
    public static void Keep(WalletDirectory wallets, string path, Action<string> failed, CancellationToken stopping)
    {
        LoadedNote note = new(wallets, path, failed, stopping);
        wallets.Loaded += note.Write;
        wallets.Unloaded += note.Write;
        note.Write();
    }

    /// <summary>The names that were noted last, in the order of loading; null where nothing was.</summary>
    public static IReadOnlyList<string>? Read(string path)
    {
        try
        {
            return SettingsFile.Read(path).Get(Entry) is { ValueKind: JsonValueKind.Array } names
                ? StartupList.ToNames(names)
                : null;
        }
        catch (OptionException)
        {
            // Spoiled by somebody else: it is replaced whole.
            return null;
        }
    }

    private void Write(Wallet changed) => Write();

    private void Write()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        try
        {
            // Read while the file waits for it: the last to write knows all.
            _file.Update(Entry, _ => StartupList.ToJson(_wallets.All.Select(static wallet => wallet.Name)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _failed(error.Message);
        }
    }
}
