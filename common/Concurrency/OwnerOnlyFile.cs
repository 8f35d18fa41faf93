namespace Dash.Common.Concurrency;

/// <summary>Files that nobody but their owner may read or write, from the moment they are there.</summary>
public static class OwnerOnlyFile
{
    private const int DefaultBuffer = 4096;

    /// <summary>Makes a file; one that is written over keeps its rights.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">One that may make a file.</param>
    /// <param name="access">What the stream is for.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="bufferSize">Bytes kept back before they are written; 0 for none.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static FileStream Create(
        string path,
        FileMode mode = FileMode.CreateNew,
        FileAccess access = FileAccess.Write,
        FileShare share = FileShare.Read,
        int bufferSize = DefaultBuffer)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
