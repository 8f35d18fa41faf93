using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Hosting;

/// <summary>Commands of the user that run in a shell when something happens (<c>-blocknotify</c> and its like).</summary>
public static class ShellCommand
{
    // Characters of a text that are put into a command; what is left out cannot end the quotes around it.
    private const string Safe = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;-_/:?@()";

    /// <summary>
    /// Runs a command to its end; a failure is logged. The working directory and the environment are the daemon's own.
    /// </summary>
    public static async Task RunAsync(string command, ILogger log, CancellationToken ct)
    {
        try
        {
            var start = new ProcessStartInfo { FileName = "/bin/sh", UseShellExecute = false };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(command);
            using var process = Process.Start(start);
            if (process is null) return;
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            if (process.ExitCode != 0) Log.CommandFailed(log, command, process.ExitCode);
        }
        catch (Win32Exception e)
        {
            Log.CommandFailed(log, command, e.NativeErrorCode);
        }
    }

    /// <summary>The command with a text in place of each <c>%s</c>, between single quotes and without what could end them.</summary>
    public static string Fill(string command, string text)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(text);
        var safe = new StringBuilder("'");
        foreach (var c in text.Where(c => Safe.Contains(c, StringComparison.Ordinal))) safe.Append(c);
        return command.Replace("%s", safe.Append('\'').ToString(), StringComparison.Ordinal);
    }
}
