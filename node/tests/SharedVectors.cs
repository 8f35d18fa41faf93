using System.Formats.Tar;
using System.IO.Compression;

namespace Dash.Node.Tests;

/// <summary>Real data kept outside the repository; tests that need it are skipped where it is absent.</summary>
internal static class SharedVectors
{
    public static string Require(string relativePath)
    {
        var root = Environment.GetEnvironmentVariable("DASH_SHARED");
        var walk = new DirectoryInfo(AppContext.BaseDirectory);
        for (; root is null && walk is not null; walk = walk.Parent)
        {
            var candidate = Path.Combine(walk.FullName, "shared");
            root = Directory.Exists(Path.Combine(candidate, "vectors")) ? candidate : null;
        }

        var path = root is null ? null : Path.Combine(root, "vectors", relativePath);
        if (path is null || !File.Exists(path))
        {
            Assert.Skip($"vectors/{relativePath} is not here");
        }

        return path;
    }

    /// <summary>A data directory a stopped dashd left: the network's folder.</summary>
    public static string UnpackDashdDirectory(TempDirectory into)
    {
        using var file = File.OpenRead(Require("dashd-regtest/datadir.tar.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unzipped, into.Path, overwriteFiles: true);
        return Path.Combine(into.Path, "regtest");
    }
}
