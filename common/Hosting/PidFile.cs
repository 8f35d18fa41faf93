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
            throw new StartupException($"Unable to create the PID file '{path}': {e.Message}", e);
        }
    }

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
