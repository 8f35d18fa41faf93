namespace Dash.Primitives.Tests;

/// <summary>
/// Files of real data kept beside the repository in <c>shared/vectors</c>; a test that needs one is skipped
/// where that folder is absent. <c>DASH_SHARED</c> may name the <c>shared</c> folder.
/// </summary>
internal static class SharedVectors
{
    /// <summary>Bytes of the named file; skips the running test when there is none.</summary>
    public static byte[] Read(string name)
    {
        var path = Find(name);
        if (path is null)
        {
            Assert.Skip($"shared/vectors/{name} is not here");
        }

        return File.ReadAllBytes(path);
    }

    private static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("DASH_SHARED") is { Length: > 0 } shared)
        {
            var named = Path.Combine(shared, "vectors", name);
            return File.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "vectors", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
