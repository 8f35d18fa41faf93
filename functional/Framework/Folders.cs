namespace Dash.Functional.Framework;

/// <summary>Whole directories of a process that has ended.</summary>
public static class Folders
{
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>Puts a copy in the place of what is there.</summary>
    public static void Restore(string kept, string place)
    {
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        Directory.Move(kept, place);
    }
}
