using System.Globalization;

namespace Dash.Common.Hosting;

/// <summary>The file that tells the process id while the daemon runs.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    /// <exception cref="StartupException">It cannot be written.</exception>
    public PidFile(string path)
    {
        _path = path;
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Unable to create the PID file '{path}': {Reason(e)}", e);
        }
    }

    // What the system calls the usual reasons, and its number for them.
    private static string Reason(Exception failure) => failure switch
    {
        DirectoryNotFoundException => "No such file or directory (2)",
        UnauthorizedAccessException => "Permission denied (13)",
        _ => failure.Message,
    };

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left over; the next start replaces it.
        }
    }
}
