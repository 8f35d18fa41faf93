using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dash.Functional.Framework;

/// <summary>A data directory of regtest that one run of the offline tool gets, and the wallets that may be put into it.</summary>
/// <param name="path">The data directory; empty.</param>
/// <param name="source">Wallets of Dash Core's, with a dump of each beside.</param>
public sealed class ToolDirectory(string path, string source)
{
    private const string ChecksumName = "checksum,";

    public string Path { get; } = path;

    public string Wallets => System.IO.Path.Combine(Path, "regtest", "wallets");

    /// <summary>A file of the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The directory of a wallet.</summary>
    public string Wallet(string name) => System.IO.Path.Combine(Wallets, name);

    /// <summary>The file of a wallet.</summary>
    public string Data(string name) => System.IO.Path.Combine(Wallet(name), "wallet.dat");

    /// <summary>Puts a wallet in.</summary>
    public void Copy(string wallet, string? to = null)
    {
        Directory.CreateDirectory(Wallet(to ?? wallet));
        System.IO.File.Copy(System.IO.Path.Combine(source, "regtest", "wallets", wallet, "wallet.dat"), Data(to ?? wallet));
    }

    /// <summary>The file of a wallet by itself, under a name of its own.</summary>
    public void CopyFile(string wallet, string to) =>
        System.IO.File.Copy(System.IO.Path.Combine(source, "regtest", "wallets", wallet, "wallet.dat"), to);

    /// <summary>The small wallet, as <c>w</c>, with other bytes at a place.</summary>
    public void CopyPatched(int offset, byte[] bytes)
    {
        Copy("small", "w");
        using var file = System.IO.File.OpenWrite(Data("w"));
        file.Position = offset;
        file.Write(bytes);
    }

    /// <summary>The small wallet, as <c>w</c>, cut short.</summary>
    public void CopyCut(int length)
    {
        Copy("small", "w");
        using var file = System.IO.File.OpenWrite(Data("w"));
        file.SetLength(length);
    }

    /// <summary>An empty directory <c>w</c>, or one with such a wallet.dat.</summary>
    public void Make(byte[]? data = null)
    {
        Directory.CreateDirectory(Wallet("w"));
        if (data is not null) System.IO.File.WriteAllBytes(Data("w"), data);
    }

    /// <summary>The dump of a wallet as <c>in.dump</c>, its lines changed, with the checksum of what it then is.</summary>
    public void Dump(string wallet, Func<string, string>? change = null)
    {
        var body = Body(wallet);
        body = change?.Invoke(body) ?? body;
        System.IO.File.WriteAllText(File("in.dump"), Summed(body), Encoding.Latin1);
    }

    /// <summary>The dump of the small wallet as <c>in.dump</c>, with these bytes in place of all of it.</summary>
    public void RawDump(Func<string, string> change) =>
        System.IO.File.WriteAllText(File("in.dump"), change(Summed(Body("small"))), Encoding.Latin1);

    /// <summary>The small wallet, as <c>w</c>, with another record.</summary>
    public void CopyWithRecord(byte[] key, byte[] value)
    {
        var name = Convert.ToHexStringLower(key) + ",";
        Dump("small", body => string.Concat(body.Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith(name, StringComparison.Ordinal))
            .Append(name + Convert.ToHexStringLower(value))
            .Select(static line => line + "\n")));
        using var made = System.Diagnostics.Process.Start(
            ToolSource.Theirs!, ["-regtest", "-datadir=" + Path, "-wallet=w", "-dumpfile=" + File("in.dump"), "createfromdump"]);
        made.WaitForExit();
        Assert.True(made.ExitCode == 0, $"Dash Core's tool makes no wallet with {name}");
        System.IO.File.Delete(File("in.dump"));
    }

    /// <summary>What is in it now, with modes.</summary>
    public string List()
    {
        StringBuilder list = new();
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(static e => e.FullName, StringComparer.Ordinal))
        {
            var mode = Convert.ToString((int)entry.UnixFileMode, 8);
            list.Append(CultureInfo.InvariantCulture, $"{System.IO.Path.GetRelativePath(Path, entry.FullName)} {(entry is DirectoryInfo ? "d" : "-")}{mode}\n");
        }

        return list.ToString();
    }

    private static string Summed(string body) =>
        body + ChecksumName + Convert.ToHexStringLower(SHA256.HashData(SHA256.HashData(Encoding.Latin1.GetBytes(body)))) + "\n";

    private string Body(string wallet)
    {
        var text = System.IO.File.ReadAllText(System.IO.Path.Combine(source, wallet + ".dump"), Encoding.Latin1);
        return text[..text.LastIndexOf(ChecksumName, StringComparison.Ordinal)];
    }
}
