namespace Dash.Bench.Wallets;

/// <summary>A copy of a generated wallet and its chain, in a data directory of its own that goes with it.</summary>
internal sealed class WalletCopy : IDisposable
{
    private readonly string _source;

    /// <summary>Copies.</summary>
    /// <param name="folder">What <see cref="WalletGenerator"/> has filled.</param>
    /// <param name="size">Which of the wallets there.</param>
    public WalletCopy(string folder, WalletSize size)
    {
        Size = size;
        _source = Path.Combine(folder, size.Name, "wallet");
        Copy(Path.Combine(folder, size.Name, "node"), Directory);
        AddWallet("bench");
    }

    /// <summary>Which wallet it is.</summary>
    public WalletSize Size { get; }

    /// <summary>The data directory.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("dash-bench-").FullName;

    /// <summary>What is of this network there.</summary>
    public string Network => Path.Combine(Directory, "regtest");

    /// <summary>Copies the wallet once more, under another name.</summary>
    public void AddWallet(string name) => Copy(_source, Path.Combine(Network, "wallets", name));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private static void Copy(string from, string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file);
            if (Path.GetFileName(name) is ".lock" or ".cookie" or "debug.log")
            {
                continue;
            }

            var target = Path.Combine(to, name);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!); // inside "to"
            File.Copy(file, target);

            // On the disk before anything is measured: the first durable write would wait for all of it.
            using FileStream copy = new(target, FileMode.Open, FileAccess.ReadWrite);
            copy.Flush(flushToDisk: true);
        }
    }
}
