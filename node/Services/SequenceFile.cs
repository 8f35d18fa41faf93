using Dash.Common.Concurrency;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>The file in which attached processes of this machine read the number of the newest event.</summary>
internal static class SequenceFile
{
    private const string Name = ".node-sequence";

    /// <summary>Makes it; null where that cannot be, since attached processes can ask over the socket instead.</summary>
    public static PublishedNumber? Create(string directory, ILogger log)
    {
        try
        {
            return PublishedNumber.Create(Path.Combine(directory, Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NoSequenceFile(log, e.Message);
            return null;
        }
    }
}
