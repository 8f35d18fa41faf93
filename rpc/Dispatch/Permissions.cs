using Dash.Rpc.Protocol;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// Which methods a user may call (<c>-rpcwhitelist</c>, <c>-rpcwhitelistdefault</c>). Asked for every request of a batch.
/// A sub-command is allowed by its first word, or by both words written together (<c>quorumlist</c>).
/// </summary>
public sealed class Permissions
{
    private readonly Dictionary<string, HashSet<string>> _allowed = new(StringComparer.Ordinal);
    private readonly bool _othersMayNothing;

    private Permissions(bool othersMayNothing) => _othersMayNothing = othersMayNothing;

    /// <summary>Everybody may call everything.</summary>
    public static Permissions All { get; } = new(othersMayNothing: false);

    /// <summary>Reads the options' values.</summary>
    /// <param name="lists"><c>user:method,method</c>; several for one user are intersected.</param>
    /// <param name="othersMayNothing">Users without a list may call nothing; null: if there is any list.</param>
    public static Permissions Parse(IReadOnlyList<string> lists, bool? othersMayNothing)
    {
        Permissions permissions = new(othersMayNothing ?? lists.Count > 0);
        foreach (var list in lists)
        {
            var parts = list.Split(':', 2);
            var methods = parts.Length < 2
                ? []
                : parts[1].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            if (!permissions._allowed.TryGetValue(parts[0], out var known))
            {
                permissions._allowed[parts[0]] = methods;
            }
            else if (parts.Length == 2)
            {
                known.IntersectWith(methods);
            }
        }

        return permissions;
    }

    /// <summary>True if the user may call something.</summary>
    public bool MayCallAnything(string user) => !_othersMayNothing || _allowed.ContainsKey(user);

    /// <summary>True if the user may call a method, whatever the arguments.</summary>
    public bool Allows(string user, string method) =>
        _allowed.TryGetValue(user, out var methods) ? methods.Contains(method) : !_othersMayNothing;

    /// <summary>True if the user may call this. The request has been checked.</summary>
    public bool Allows(RpcRequest request)
    {
        if (!_allowed.TryGetValue(request.User, out var methods))
        {
            return !_othersMayNothing;
        }

        return methods.Contains(request.Method) ||
            (request.FirstWord() is { } word && methods.Contains(request.Method + word));
    }
}
