using System.Collections.Frozen;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// The methods a daemon serves, by name: its own, and while another process is attached, that one's. A name is one word,
/// or two where the second is the first parameter (<c>protx register</c>). A remote method hides a local one of the same
/// name. Own methods are added before serving starts; remote ones come and go from any thread.
/// </summary>
public sealed class RpcTable
{
    private readonly SortedDictionary<string, RpcCommand> _local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RpcCommand> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);

    // Replaced as a whole; readers take it once a request.
    private volatile RemoteSet _remote = RemoteSet.None;

    /// <summary>Own methods, by name.</summary>
    public IReadOnlyCollection<RpcCommand> Local => _local.Values;

    /// <summary>The process that is attached, or null.</summary>
    public IRemoteMethods? Remote => _remote.Methods;

    /// <summary>Adds own methods. <paramref name="makeCall"/> makes what their handlers are given.</summary>
    public void Add<TCall>(IEnumerable<RpcMethod<TCall>> methods, Func<RpcInvocation, TCall> makeCall)
        where TCall : RpcCall => Add(methods, makeCall, static method => method.Handler);

    /// <summary>The same, with something around handlers: <paramref name="handlerOf"/> gives what is to run for a method.</summary>
    public void Add<TCall>(
        IEnumerable<RpcMethod<TCall>> methods, Func<RpcInvocation, TCall> makeCall, Func<RpcMethod<TCall>, RpcHandler<TCall>> handlerOf)
        where TCall : RpcCall
    {
        foreach (var method in methods)
        {
            Check(method);
            var handler = handlerOf(method);
            RpcCommand command = new(method, (invocation, result, ct) => handler(makeCall(invocation), result, ct))
            {
                ReflectsAsync = method.Reflects is { } reflects ? (invocation, ct) => reflects(makeCall(invocation), ct) : null,
            };
            if (!_local.TryAdd(method.Name, command))
            {
                throw new InvalidOperationException($"The method {method.Name} is declared twice");
            }

            _byName.Add(method.Name, command);
            if (RemoteSet.FamilyOf(method.Name) is { } family)
            {
                _families.Add(family);
            }
        }
    }

    /// <summary>Serves another process's methods until the returned object is disposed.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="instead">What was returned for a process whose place they take, without a moment between; null for none.</param>
    /// <exception cref="InvalidOperationException">Another process has the place.</exception>
    public IDisposable Attach(IRemoteMethods methods, IDisposable? instead = null)
    {
        RemoteSet added = new(
            methods, methods.Commands.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal));
        var replaced = (instead as Attachment)?.Added ?? RemoteSet.None;
        if (Interlocked.CompareExchange(ref _remote, added, replaced) != replaced)
        {
            throw new InvalidOperationException("Another process is attached already");
        }

        return new Attachment(this, added);
    }

    /// <summary>An own method by its whole name, or null.</summary>
    public RpcCommand? FindLocal(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The same for characters.</summary>
    public RpcCommand? FindLocal(ReadOnlySpan<char> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var command) ? command : null;

    /// <summary>May the name of a method go on in its first parameter?</summary>
    public bool HasSubCommands(string method) => _families.Contains(method) || _remote.Families.Contains(method);

    /// <summary>A method of the attached process by its whole name, or null.</summary>
    public RemoteCommand? FindRemote(string name) => _remote.Commands.GetValueOrDefault(name);

    /// <summary>What serves a request: first by both words, then by the method's name alone.</summary>
    public RpcRoute Route(string method, string? firstWord)
    {
        var remote = _remote;
        if (firstWord is not null && Find(remote, $"{method} {firstWord}", isComposite: true) is { Exists: true } both)
        {
            return both;
        }

        return Find(remote, method, isComposite: false);
    }

    private RpcRoute Find(RemoteSet remote, string name, bool isComposite) =>
        remote.Commands.ContainsKey(name)
            ? new RpcRoute(null, remote.Methods, isComposite)
            : new RpcRoute(FindLocal(name), null, isComposite);

    /// <summary>A declaration that could not work is a bug of ours; it shows when the daemon starts.</summary>
    private static void Check(RpcMethod method)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var name in method.Args.SelectMany(arg => arg.Names.Split('|')))
        {
            if (name.Length == 0 || !names.Add(name))
            {
                throw new InvalidOperationException($"{method.Name} declares the argument name \"{name}\" wrongly");
            }
        }
    }

    private sealed record RemoteSet(IRemoteMethods? Methods, FrozenDictionary<string, RemoteCommand> Commands)
    {
        public static readonly RemoteSet None = new(null, FrozenDictionary<string, RemoteCommand>.Empty);

        public FrozenSet<string> Families { get; } = Commands.Keys.Select(FamilyOf).OfType<string>().ToFrozenSet(StringComparer.Ordinal);

        /// <summary>The first of two words; null for a name of one.</summary>
        public static string? FamilyOf(string name) => name.IndexOf(' ') is > 0 and var end ? name[..end] : null;
    }

    private sealed class Attachment(RpcTable table, RemoteSet added) : IDisposable
    {
        public RemoteSet Added => added;

        public void Dispose() => Interlocked.CompareExchange(ref table._remote, RemoteSet.None, added);
    }
}

/// <summary>What serves a request: an own method, another process, or nothing.</summary>
/// <param name="Local">An own method.</param>
/// <param name="Remote">Another process.</param>
/// <param name="IsComposite">The first parameter is part of the name.</param>
public readonly record struct RpcRoute(RpcCommand? Local, IRemoteMethods? Remote, bool IsComposite)
{
    /// <summary>Something serves it.</summary>
    public bool Exists => Local is not null || Remote is not null;
}
