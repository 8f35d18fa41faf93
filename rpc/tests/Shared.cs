namespace Dash.Rpc.Tests;

/// <summary>Reference data beside the project; a test that needs it is skipped where it is missing.</summary>
internal static class Shared
{
    public static string Read(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", name);
            if (File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        var given = Environment.GetEnvironmentVariable("DASH_SHARED");
        if (given is not null && File.Exists(Path.Combine(given, name)))
        {
            return File.ReadAllText(Path.Combine(given, name));
        }

        Assert.Skip($"{name} is not here");
        return "";
    }
}
