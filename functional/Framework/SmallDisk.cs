using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>A disk of a few megabytes in memory, and how much room is left on it.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int Chunk = 4096;

    private readonly string _ballast;

    private SmallDisk(string path)
    {
        Path = path;
        _ballast = System.IO.Path.Combine(path, "ballast");
    }

    public string Path { get; }

    /// <summary>Mounts one; skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        var size = "size=" + megabytes.ToString(CultureInfo.InvariantCulture) + "m";
        var program = ((string[])["/usr/bin/mount", "/bin/mount"]).FirstOrDefault(File.Exists);
        if (program is null || (await TestProcess.RunAsync(program, null, "-t", "tmpfs", "-o", size, "tmpfs", path)).Code != 0)
        {
            Assert.Skip("file systems may not be mounted here.");
        }

        return new SmallDisk(path);
    }

    /// <summary>Takes all room but this much.</summary>
    public void Leave(long bytes)
    {
        using var ballast = new FileStream(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[Chunk];
        try
        {
            for (var take = new DriveInfo(Path).AvailableFreeSpace - bytes; take > 0; take -= Chunk)
            {
                ballast.Write(piece);
            }
        }
        catch (IOException)
        {
            // Somebody else took the rest meanwhile: it is full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(_ballast);

    public async ValueTask DisposeAsync() => await TestProcess.RunAsync("umount", null, "-l", Path);
}
