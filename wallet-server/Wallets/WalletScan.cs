using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>Looks for wallets below a directory. Any thread.</summary>
/// <param name="root">The directory, which need not exist.</param>
/// <param name="networkMagic">Whose wallets.</param>
/// <param name="files">Those of this process's wallets: they are not looked into.</param>
/// <param name="failed">Is told what could not be looked at, and why.</param>
internal sealed class WalletScan(string root, ReadOnlyMemory<byte> networkMagic, OpenFiles files, Action<string, string> failed)
{
    private static readonly EnumerationOptions AlsoHidden = new() { AttributesToSkip = 0 };

    /// <summary>Names of all wallets, loaded or not.</summary>
    public IReadOnlyList<string> Names()
    {
        var names = new List<string>();
        if (!Directory.Exists(root))
        {
            return names;
        }

        if (new FileInfo(WalletFile.DataFile(root)) is { Exists: true, LinkTarget: null })
        {
            names.Add("");
        }

        names.AddRange(FilesOfOldWallets());
        Find(root, names);
        return names;
    }

    // Files of another format, which are told so when they are loaded, may have names of their own here. A link is none, nor is what has no length: who opens
    // a pipe waits for somebody at its other end.
    private IEnumerable<string> FilesOfOldWallets()
    {
        try
        {
            return [.. Directory.EnumerateFiles(root, "*", AlsoHidden)
                .Where(static file => Path.GetFileName(file) != WalletFile.Name && new FileInfo(file) is { LinkTarget: null, Length: > 0 })
                .Where(file => files.Look(file, WalletFile.IsBdb, ifTaken: false))
                .Select(static file => Path.GetFileName(file))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed(root, error.Message);
            return [];
        }
    }

    /// <summary>Is there a wallet in this directory?</summary>
    public bool IsWallet(string directory) => files.Look(
        WalletFile.DataFile(directory), file => WalletFile.IsSqlite(file, networkMagic.Span) || WalletFile.IsBdb(file), ifTaken: true);

    // A link to a directory can be a wallet; what lies below it is not looked at, or a loop would never end.
    private void Find(string parent, List<string> names)
    {
        try
        {
            foreach (var directory in Directory.EnumerateDirectories(parent, "*", AlsoHidden))
            {
                if (LeadsToItself(directory))
                {
                    continue;
                }

                if (IsWallet(directory))
                {
                    names.Add(Path.GetRelativePath(root, directory));
                }

                if (new DirectoryInfo(directory).LinkTarget is null)
                {
                    Find(directory, names);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed(parent, error.Message);
        }
    }

    // A link that leads to itself is neither there nor not there.
    private bool LeadsToItself(string directory)
    {
        try
        {
            var file = new FileInfo(WalletFile.DataFile(directory));
            _ = file.LinkTarget is null ? null : file.ResolveLinkTarget(returnFinalTarget: true);
            return false;
        }
        catch (IOException error)
        {
            failed(directory, error.Message);
            return true;
        }
    }
}
