using Dash.Common.Logging;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Http;

/// <summary>The server's two loggers: lines without a category, and those of <c>-debug=http</c>.</summary>
internal sealed class HttpLog(ILoggerFactory logs)
{
    /// <summary>For lines that are always written.</summary>
    public ILogger General { get; } = logs.CreateLogger(LogCategory.None);

    /// <summary>For lines of the category <c>http</c>.</summary>
    public ILogger Http { get; } = logs.CreateLogger(LogCategory.Http);
}
