using System.Formats.Tar;
using System.IO.Compression;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>Finds the folder of shared vectors; tests that need it are skipped without it.</summary>
internal static class SharedVectors
{
    public static string Require(string name)
    {
        var root = Environment.GetEnvironmentVariable("DASH_SHARED");
        if (root is null)
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !Directory.Exists(Path.Combine(directory.FullName, "shared", "vectors")))
            {
                directory = directory.Parent;
            }

            root = directory is null ? "" : Path.Combine(directory.FullName, "shared");
        }

        var path = Path.Combine(root, "vectors", name);
        if (!File.Exists(path))
        {
            Assert.Skip("No shared vectors beside the project.");
        }

        return path;
    }

    /// <summary>Unpacks the wallets of the data directory that dashd made, and says where they are.</summary>
    public static string UnpackDashdWallets(TempDirectory directory)
    {
        using var file = File.OpenRead(Require("dashd-regtest/datadir.tar.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unzipped, directory.Path, overwriteFiles: true);
        return directory.File("regtest/wallets");
    }
}
