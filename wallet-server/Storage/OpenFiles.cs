namespace Dash.WalletServer.Storage;

/// <summary>
/// The files this process has open as wallets, or opens or closes at the moment. Who closes any handle of such a file drops SQLite's locks of
/// it (they are POSIX record locks), so whoever opens a file that may be a wallet's takes it here first, or looks into it by
/// <see cref="Look"/>. Any thread.
/// </summary>
internal sealed class OpenFiles
{
    private readonly Lock _gate = new(); // protects the set, and that nobody takes a file while it is looked into
    private readonly HashSet<FileIdentity> _taken = [];

    /// <summary>Whether a file is somebody's, by whatever name or link.</summary>
    public bool Has(string file)
    {
        lock (_gate)
        {
            return IsTaken(file);
        }
    }

    /// <summary>Takes a file until disposed; null if it is somebody's. If there is none, nothing is taken.</summary>
    public Hold? Take(string file)
    {
        lock (_gate)
        {
            return FileIdentity.Of(file) is not { } identity ? new Hold(this, null)
                : _taken.Add(identity) ? new Hold(this, identity)
                : null;
        }
    }

    /// <summary>Opens a file for a moment, or replaces it, unless it is somebody's; nobody takes it meanwhile.</summary>
    /// <param name="file">The file.</param>
    /// <param name="look">Does it, in a moment.</param>
    /// <param name="ifTaken">The answer if it is somebody's.</param>
    public T Look<T>(string file, Func<string, T> look, T ifTaken)
    {
        lock (_gate)
        {
            return IsTaken(file) ? ifTaken : look(file);
        }
    }

    private bool IsTaken(string file) => FileIdentity.Of(file) is { } identity && _taken.Contains(identity);

    /// <summary>A file that was taken; or none.</summary>
    internal sealed class Hold(OpenFiles files, FileIdentity? identity) : IDisposable
    {
        private bool _isOver;

        /// <summary>Which; null if there was none.</summary>
        public FileIdentity? Identity => identity;

        /// <summary>Somebody else may have it.</summary>
        public void Dispose()
        {
            lock (files._gate)
            {
                if (!_isOver && identity is { } taken)
                {
                    files._taken.Remove(taken);
                }

                _isOver = true;
            }
        }
    }
}
