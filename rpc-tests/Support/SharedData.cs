using System.Formats.Tar;
using System.IO.Compression;

namespace Dash.RpcTests.Support;

/// <summary>Real data beside the repository; tests that need it are skipped in a clone that has none.</summary>
internal static class SharedData
{
    /// <summary>The file of that name, or the end of the test.</summary>
    public static string PathOf(params string[] names)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine([folder.FullName, "shared", "vectors", .. names]);
            if (File.Exists(path)) return path;
        }

        Assert.Skip($"no shared data: {string.Join('/', names)} is not beside the repository");
        throw new InvalidOperationException();
    }

    /// <summary>Unpacks dashd's data directory into a folder of the test's.</summary>
    public static void UnpackDashdDirectory(string into)
    {
        using var file = File.OpenRead(PathOf("dashd-regtest", "datadir.tar.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, into, overwriteFiles: true);
    }
}
