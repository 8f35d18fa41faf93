using System.Runtime.InteropServices;

namespace Dash.Common.Hosting;

/// <summary>
/// The folder of a daemon's files: the network's directory inside the data directory. Whoever holds it locked is the only
/// such daemon there; the lock excludes dashd as well.
/// </summary>
public sealed partial class DataDirectory : IDisposable
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode LockMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _lock;

    /// <summary>Names the directories; touches nothing.</summary>
    /// <param name="root">The data directory, absolute.</param>
    /// <param name="network">The network's directory inside it, absolute; the same on main.</param>
    public DataDirectory(string root, string network)
    {
        Root = root;
        Network = network;
    }

    /// <summary>The data directory, absolute.</summary>
    public string Root { get; }

    /// <summary>The network's directory, absolute.</summary>
    public string Network { get; }

    /// <summary>From now on this process makes files that only its user can read (0600, directories 0700).</summary>
    public static void KeepFilesPrivate()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(0b000_111_111);
    }

    /// <summary>A path in the network's directory; an absolute <paramref name="name"/> stays as it is.</summary>
    public string PathOf(string name) => Path.GetFullPath(name, Network);

    /// <summary>
    /// Makes the directories that are missing. A new one gets a folder "wallets", which is how the wallet knows where wallets
    /// belong.
    /// </summary>
    public void Create()
    {
        foreach (var directory in new[] { Root, Network })
        {
            if (Directory.Exists(directory)) continue;
            MakeDirectory(directory);
            MakeDirectory(Path.Combine(directory, "wallets"));
        }
    }

    /// <summary>Locks the directory until disposed.</summary>
    /// <param name="fileName">".lock" for a node; another daemon in the same directory has a file of its own.</param>
    /// <exception cref="StartupException">It is locked, or cannot be written.</exception>
    public void Lock(string fileName)
    {
        var path = Path.Combine(Network, fileName);
        FileStream? file = null;
        try
        {
            // No sharing: excludes another DataDirectory in this process. Lock (fcntl): excludes other processes.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, LockMode);
            if (!OperatingSystem.IsMacOS()) file.Lock(0, 0);
            _lock = file;
        }
        catch (UnauthorizedAccessException e)
        {
            file?.Dispose();
            throw new StartupException($"Cannot write to data directory '{Network}'; check permissions.", e);
        }
        catch (IOException e)
        {
            file?.Dispose();
            throw new StartupException(
                $"Cannot obtain a lock on data directory {Network}. {Product.Name} is probably already running.", e);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock?.Dispose();

    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, DirectoryMode);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
