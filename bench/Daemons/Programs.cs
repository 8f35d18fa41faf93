namespace Dash.Bench.Daemons;

/// <summary>Where the programs are: <c>artifacts/bin</c> of the repository.</summary>
internal static class Programs
{
    /// <summary>The directory.</summary>
    public static string Directory { get; } = Path.Combine(Root(), "artifacts", "bin");

    /// <summary>Dash Core's daemon, where the environment variable DASHD names it; null elsewhere.</summary>
    public static string? Dashd => Environment.GetEnvironmentVariable("DASHD") is { Length: > 0 } path && File.Exists(path) ? path : null;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dash.WalletRpc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("not inside the repository");
    }
}
