using System.Security.Cryptography;

namespace Dash.WalletServer.Wallets;

/// <summary>A secret that is the first line of a file: so it is in no command line and in no log.</summary>
internal static class SecretFile
{
    private const string Credential = "credential:";
    private const int Longest = 4096;

    /// <summary>Reads the first line, as bytes in pinned memory, which belong to the caller.</summary>
    /// <param name="place">A path, or <c>credential:name</c> for a file in the directory that systemd names.</param>
    /// <param name="credentials">That directory; null if there is none.</param>
    /// <exception cref="IOException">It cannot be read, may be read by anybody, or is empty.</exception>
    public static byte[] Read(string place, string? credentials)
    {
        if (place.Length == 0 || place.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException("no file is named");
        }

        // Named as it was looked for: what a relative one is relative to is not always plain.
        var path = Path.GetFullPath(PathOf(place, credentials));
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a directory");
        }

        try
        {
            return ReadLine(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"there is no file {path}", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path} may not be read", error);
        }
    }

    /// <summary>Refuses descriptors where another process has started this one: what they are here is not what its caller opened there.</summary>
    /// <exception cref="IOException">One of them is a descriptor.</exception>
    public static void RefuseDescriptors(IEnumerable<string> places)
    {
        if (places.FirstOrDefault(static place =>
            place.StartsWith("/dev/fd/", StringComparison.Ordinal) || place.StartsWith("/proc/self/fd/", StringComparison.Ordinal) || place == "/dev/stdin") is { } place)
        {
            throw new IOException(
                $"{place} is a descriptor, and a node passes none on to the wallet that it starts: take a file, credential:<name>, or a dash-wallet of its own");
        }
    }

    private static string PathOf(string place, string? credentials)
    {
        if (!place.StartsWith(Credential, StringComparison.Ordinal))
        {
            return place;
        }

        var name = place[Credential.Length..];
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
        {
            throw new IOException("a credential is named by its name alone");
        }

        return Path.Combine(credentials ?? throw new IOException("CREDENTIALS_DIRECTORY is not set"), name);
    }

    private static byte[] ReadLine(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (file.CanSeek && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.OtherRead) != 0)
        {
            throw new IOException($"anybody may read the file {path}");
        }

        var buffer = GC.AllocateArray<byte>(Longest, pinned: true);
        try
        {
            var length = file.ReadAtLeast(buffer, Longest, throwOnEndOfStream: false);
            var line = buffer.AsSpan(0, length);
            var end = line.IndexOfAny((byte)'\n', (byte)'\r');
            line = end >= 0 ? line[..end] : line;
            if (line.IsEmpty || line.Length == Longest)
            {
                throw new IOException($"the first line of {path} is empty or too long");
            }

            var secret = GC.AllocateArray<byte>(line.Length, pinned: true);
            line.CopyTo(secret);
            return secret;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
