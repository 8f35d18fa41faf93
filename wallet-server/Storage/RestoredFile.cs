using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Storage;

/// <summary>
/// The file of a wallet that is being brought back from a backup. It is made under a name of its own in a new directory and gets the
/// wallet's name when it is whole, with no log that it needs: what is there by then stays, and is nobody's log. Disposed without
/// <see cref="Keep"/> it goes again, and nothing else does.
/// </summary>
internal sealed class RestoredFile : IDisposable
{
    private readonly string _directory;
    private readonly string _file;
    private bool _isNamed;
    private bool _isKept;

    private RestoredFile(string directory)
    {
        _directory = directory;
        _file = WalletFile.DataFile(directory);
        Unfinished = WalletFile.Beside(_file, "unfinished");
    }

    /// <summary>Where the copy is to be made: there is nothing yet.</summary>
    public string Unfinished { get; }

    /// <summary>Makes the directory of the wallet.</summary>
    /// <exception cref="WalletException">There is one, or it cannot be made; with Core's text.</exception>
    public static RestoredFile Begin(string walletPath)
    {
        if (Path.Exists(walletPath))
        {
            throw Exists(walletPath, null);
        }

        WalletFile.MakeDirectory(walletPath);
        return new RestoredFile(walletPath);
    }

    /// <summary>Copies a data file that nobody has open, with the log beside it; both stay as they are.</summary>
    /// <param name="backup">The file.</param>
    /// <param name="watch">Is told how far it is, and may end it.</param>
    /// <returns>Whether there is a log to take in.</returns>
    /// <exception cref="WalletException">Another process of this program has it open, or it cannot be copied; or it was ended.</exception>
    public bool CopyFrom(string backup, LoadWatch watch)
    {
        // A pipe would wait for somebody who writes, and a device fill the disk.
        if (!FileIdentity.IsRegular(backup))
        {
            throw new WalletException(
                WalletError.Wallet, $"{WalletFile.Unexpected}filesystem error: cannot copy file: Invalid argument [{backup}] [{_file}]");
        }

        // Of another kind of file the loading says what it is.
        return WalletFile.Copy(backup, Unfinished, watch);
    }

    /// <summary>Takes the copied log into the copied file, which is whole by itself then.</summary>
    /// <exception cref="WalletException">It is broken, or the disk did not take all of it.</exception>
    public void TakeLogIn() => FileOpening.TakeLogIn(Unfinished);

    /// <summary>Gives the copy the wallet's name.</summary>
    /// <exception cref="WalletException">Somebody made one of that name meanwhile; or the disk refuses.</exception>
    public void Finish()
    {
        if (WalletFile.LogsOf(_file).Count > 0)
        {
            throw Exists(_directory, null);
        }

        try
        {
            File.Move(Unfinished, _file, overwrite: false);
            _isNamed = true;
        }
        catch (IOException error) when (Path.Exists(_file))
        {
            throw Exists(_directory, error);
        }

        WalletFile.FlushNames(_file);
    }

    /// <summary>It is a wallet from now on.</summary>
    public void Keep() => _isKept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isKept)
        {
            return;
        }

        try
        {
            WalletFile.Delete(Unfinished);
            if (_isNamed)
            {
                WalletFile.Delete(_file);
            }

            Directory.Delete(_directory); // unless somebody else has put something there
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Why it came to this is being said already.
        }
    }

    private static WalletException Exists(string walletPath, Exception? inner) =>
        new(WalletError.AlreadyExists, $"Failed to create database path '{walletPath}'. Database already exists.", inner);
}
