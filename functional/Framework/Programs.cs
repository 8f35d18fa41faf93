namespace Dash.Functional.Framework;

/// <summary>Where the programs under test are: <c>artifacts/bin</c> of the repository, as run.sh and test.sh build them.</summary>
public static class Programs
{
    public static string Repository { get; } = Find(AppContext.BaseDirectory, "Dash.WalletRpc.sln")
        ?? throw new InvalidOperationException("the tests do not run inside the repository");

    public static string Node => Built("dash-node");

    public static string Wallet => Built("dash-wallet");

    public static string Cli => Built("dash-cli");

    /// <summary>Dash Core's daemon, where the environment variable DASHD names it; null elsewhere.</summary>
    public static string? Dashd => Environment.GetEnvironmentVariable("DASHD") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>The folder of shared test data beside the repository, null in a clone that has none.</summary>
    public static string? SharedVectors => Find(AppContext.BaseDirectory, Path.Combine("shared", "vectors")) is { } root
        ? Path.Combine(root, "shared", "vectors")
        : null;

    private static string Built(string name)
    {
        var path = Path.Combine(Repository, "artifacts", "bin", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build with ./run.sh or ./test.sh first");
    }

    private static string? Find(string from, string what)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, what);
            if (File.Exists(path) || Directory.Exists(path)) return folder.FullName;
        }

        return null;
    }
}
