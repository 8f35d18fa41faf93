using Dash.Common.Concurrency;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Keeps the file of one wallet: within this process by <see cref="OpenFiles"/>, from other processes of this program by a
/// <c>flock</c>, from the first byte read to the last one written.
/// </summary>
internal sealed class FileGuard : IDisposable
{
    private readonly OpenFiles.Hold _hold;
    private FileStream? _lock;

    private FileGuard(OpenFiles files, string path, FileStream? made)
    {
        Files = files;
        Path = path;
        _lock = made;
        _hold = files.Take(path) ?? throw Taken(null);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Those of this process, of which it is one.</summary>
    public OpenFiles Files { get; }

    /// <summary>Which file it is; null if there is none.</summary>
    public FileIdentity? Identity => _hold.Identity;

    /// <summary>Makes an empty file, and keeps it.</summary>
    public static FileGuard OfNew(OpenFiles files, string path)
    {
        var made = OwnerOnlyFile.Create(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            return new FileGuard(files, path, made);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a file, within this process alone until <see cref="Lock"/>; there need not be one.</summary>
    /// <exception cref="WalletException">It is a loaded wallet's, or is being opened or closed as one; with Core's text.</exception>
    public static FileGuard Of(OpenFiles files, string path) => new(files, path, made: null);

    /// <summary>Keeps it from other processes too.</summary>
    /// <exception cref="WalletException">One of them has it; with Core's text.</exception>
    public void Lock()
    {
        try
        {
            _lock = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
        catch (IOException error)
        {
            throw Taken(error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _hold.Dispose();
    }

    private static WalletException Taken(Exception? inner) => new(WalletError.Wallet, FileOpening.NoLock, inner);
}
