using System.Security.Cryptography;
using System.Text;
using Dash.Common.Concurrency;

namespace Dash.Rpc.Http;

/// <summary>
/// The file by which programs of the same user log in: <c>__cookie__:</c> and 64 hex digits. It appears complete or not
/// at all, readable by its owner only.
/// </summary>
public static class CookieFile
{
    /// <summary>The user in it.</summary>
    public const string User = "__cookie__";

    private const int SecretSize = 32;

    /// <summary>Writes a new cookie over an old one and returns its text.</summary>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static string Create(string path)
    {
        var text = $"{User}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretSize))}";
        var temporary = path + ".tmp";
        File.Delete(temporary);
        using (var file = OwnerOnlyFile.Create(temporary))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
        }

        File.Move(temporary, path, overwrite: true);
        return text;
    }

    /// <summary>User and password in the file, or null if there is none.</summary>
    public static (string User, string Password)? Read(string path)
    {
        try
        {
            using StreamReader file = new(path);
            var parts = (file.ReadLine() ?? "").Split(':', 2);
            return parts.Length == 2 ? (parts[0], parts[1]) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
