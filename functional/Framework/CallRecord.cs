using System.Collections.Concurrent;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>
/// What many callers at once were told while processes were killed: what was done, what was refused and with which words, and
/// what nobody must ever be told. Any thread.
/// </summary>
public sealed class CallRecord
{
    private const int MethodNotFound = -32601, Internal = -32603, NotParsed = -32700;

    private readonly ConcurrentDictionary<string, int> _done = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = [];

    /// <summary>What must not have been.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>A piece of work was done.</summary>
    public void Done(string what) => _done.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>Something must not have been.</summary>
    public void Violated(string what) => _violations.Enqueue(what);

    /// <summary>Does a piece of work; whether it came to its end. Refusals and processes that are away are borne.</summary>
    public async Task<bool> TryAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
            Done(what);
            return true;
        }
        catch (RpcException refused)
        {
            Count(refused.Message);
            if (refused.Code is Internal or MethodNotFound or NotParsed) Violated(refused.Message);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Violated($"{what}: no answer for {Wait.Patience.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            Count($"{what}: gone");
        }

        return false;
    }

    /// <summary>All of it, the most frequent first.</summary>
    public override string ToString() => string.Join('\n', [
        string.Join(", ", _done.OrderByDescending(static entry => entry.Value).Select(static entry => $"{entry.Value} {entry.Key}")),
        .. _refused.OrderByDescending(static entry => entry.Value).Select(static entry => $"  {entry.Value} times {entry.Key}"),
        .. _violations.Select(static violation => "VIOLATED: " + violation)]);

    // Where they differ, they differ at their ends.
    private void Count(string message)
    {
        var words = message.Length > 110 ? message[..110] : message;
        _refused.AddOrUpdate(words, 1, static (_, count) => count + 1);
    }
}
