using System.Globalization;

namespace Dash.Bench.Daemons;

/// <summary>
/// A node on a small file system whose room another file takes, all but a little: it must stop with a reason, and when there is room
/// again, open with coins that fit its blocks.
/// </summary>
internal static class FullDiskRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Below and above what is kept free, and what files grow by.
    private static readonly long[] Left = [0, 20_000, 100_000, 1_000_000, 3_000_000, 20_000_000, 54_000_000, 60_000_000, 72_000_000];

    /// <summary>Runs all; prints a line for each.</summary>
    /// <param name="folder">On a file system of 120 to 1,000 MB of its own, as <c>mount -t tmpfs -o size=200m tmpfs FOLDER</c> makes one.</param>
    /// <param name="output">Takes the lines.</param>
    /// <returns>0 when the node opened again each time.</returns>
    public static async Task<int> RunAsync(string folder, TextWriter output)
    {
        if (new DriveInfo(folder).TotalSize > 1_000_000_000)
        {
            output.WriteLine($"{folder} is on a large file system, which is not to be filled.");
            return 1;
        }

        foreach (var left in Left)
        {
            await RunAsync(folder, left, output);
        }

        return 0;
    }

    private static async Task RunAsync(string folder, long left, TextWriter output)
    {
        var directory = Path.Combine(folder, "node");
        var fill = Path.Combine(folder, "fill");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory);
        var answered = 0;
        int? code;
        await using (var daemon = await StartAsync(directory))
        {
            await MineAsync(daemon);
            Fill(fill, new DriveInfo(folder).AvailableFreeSpace - left);
            try
            {
                for (; answered < 40; answered++)
                {
                    await MineAsync(daemon);
                }

                await daemon.CallAsync("/", "stop", "[]");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
            {
                // It has stopped, or refuses.
            }

            code = await daemon.EndAsync(Patience);
        }

        File.Delete(fill);
        await using var again = await StartAsync(directory, "-checklevel=4", "-checkblocks=0");
        var coins = await again.CallAsync("/", "gettxoutsetinfo", "[]");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{left:N0} bytes left: {answered} calls answered, ended with {code?.ToString(CultureInfo.InvariantCulture) ?? "no end"}, opens again at {coins.GetProperty("height")}"));
    }

    private static async Task MineAsync(MeasuredDaemon daemon) =>
        await daemon.CallAsync("/", "generatetoaddress", $"[50,\"{BenchChain.Address}\"]");

    private static void Fill(string path, long bytes)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write);
        var zeros = new byte[1 << 16];
        for (; bytes > 0; bytes -= zeros.Length)
        {
            file.Write(zeros, 0, (int)Math.Min(bytes, zeros.Length));
        }
    }

    private static Task<MeasuredDaemon> StartAsync(string directory, params string[] more) => MeasuredDaemon.StartAsync(
        Path.Combine(Programs.Directory, "dash-node"),
        Path.Combine(directory, "regtest", ".cookie"),
        ["-regtest", "-datadir=" + directory, "-listen=0", "-connect=0", "-dnsseed=0", "-disablewallet", "-printtoconsole=0", .. more]);
}
