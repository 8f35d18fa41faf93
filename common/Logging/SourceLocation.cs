using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Dash.Common.Logging;

/// <summary>Where in the source a line is logged, for <c>-logsourcelocations</c>.</summary>
internal static class SourceLocation
{
    private const int MaxFrames = 24;

    private static readonly ConcurrentDictionary<(string Type, string Method, int Offset), string> Known = new();

    // Folders of the repository, behind which a path is the same on every machine.
    private static readonly string[] Folders = ["/node/", "/wallet-server/", "/cli/", "/rpc/", "/ipc/", "/common/", "/primitives/"];

    /// <summary>
    /// <c>[node/Chain/Chainstate.cs:512] [CheckStored] </c>, as far as it is known: without what the compiler writes for
    /// debuggers beside a program it is <c>[Dash.Node.Chain.Chainstate] [CheckStored] </c>, and nothing at all when nobody of
    /// ours is among the callers.
    /// </summary>
    public static string OfCaller()
    {
        var trace = new StackTrace(skipFrames: 2, fNeedFileInfo: false);
        for (var i = 0; i < Math.Min(trace.FrameCount, MaxFrames); i++)
        {
            if (trace.GetFrame(i) is { } frame
                && DiagnosticMethodInfo.Create(frame) is { DeclaringTypeName: { } type } method
                && !IsLogging(type))
            {
                // Looking for file and line is slow, and there are only so many places.
                return Known.GetOrAdd((type, method.Name, frame.GetNativeOffset()), static place => Describe(place.Type, place.Method));
            }
        }

        return "";
    }

    /// <summary>The function a person wrote: the compiler moves the bodies of asynchronous and local ones elsewhere.</summary>
    internal static string Function(string type, string method)
    {
        foreach (var name in (ReadOnlySpan<string>)[method, Innermost(type)])
        {
            if (name.IndexOf('<', StringComparison.Ordinal) is >= 0 and var start
                && name.IndexOf('>', start) is var end && end > start + 1)
            {
                return name[(start + 1)..end];
            }
        }

        return method;
    }

    /// <summary>A path inside the repository.</summary>
    internal static string Relative(string path)
    {
        var text = path.Replace('\\', '/');
        var start = Folders.Max(folder => text.LastIndexOf(folder, StringComparison.Ordinal));
        return start < 0 ? text[(text.LastIndexOf('/') + 1)..] : text[(start + 1)..];
    }

    private static string Describe(string type, string method)
    {
        // The same frames again, now with what the compiler wrote beside the program; the frames in between are this file's.
        var trace = new StackTrace(fNeedFileInfo: true);
        var places = Enumerable.Range(0, trace.FrameCount)
            .Select(index => trace.GetFrame(index)!)
            .Where(frame => DiagnosticMethodInfo.Create(frame) is { } info && info.DeclaringTypeName == type && info.Name == method);
        var file = places.FirstOrDefault() is { } frame && frame.GetFileName() is { Length: > 0 } path
            ? string.Create(CultureInfo.InvariantCulture, $"{Relative(path)}:{frame.GetFileLineNumber()}")
            : Outermost(type);
        return $"[{file}] [{Function(type, method)}] ";
    }

    // Our declarations of lines are classes named Log, see the style of this house; what is generated for them is inside.
    private static bool IsLogging(string type) =>
        type.StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal)
        || type.StartsWith("Dash.Common.Logging.", StringComparison.Ordinal)
        || Outermost(type).EndsWith(".Log", StringComparison.Ordinal);

    private static string Outermost(string type) => type.IndexOf('+', StringComparison.Ordinal) is > 0 and var end ? type[..end] : type;

    private static string Innermost(string type) => type[(type.LastIndexOf('+') + 1)..];
}
