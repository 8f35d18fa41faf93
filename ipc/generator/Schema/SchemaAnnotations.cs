namespace Dash.Ipc.Generator.Schema;

/// <summary>The annotations of one declaration, by their ids.</summary>
internal sealed class SchemaAnnotations(IReadOnlyDictionary<ulong, SchemaValue> values)
{
    public const ulong Namespace = 0xb5f3a0c1d2e40001;
    public const ulong Usings = 0xb5f3a0c1d2e40002;
    public const ulong Name = 0xb5f3a0c1d2e40003;
    public const ulong Type = 0xb5f3a0c1d2e40004;
    public const ulong ElementType = 0xb5f3a0c1d2e40005;
    public const ulong Value = 0xb5f3a0c1d2e40006;
    public const ulong Nullable = 0xb5f3a0c1d2e40007;
    public const ulong Skip = 0xb5f3a0c1d2e40008;
    public const ulong Secret = 0xb5f3a0c1d2e40009;
    public const ulong Waits = 0xb5f3a0c1d2e4000a;

    /// <summary>libmultiprocess' <c>$Proxy.exception</c>: the result that says what was thrown.</summary>
    public const ulong ProxyException = 0x996a183200992f88;

    public bool Has(ulong id) => values.ContainsKey(id);

    /// <summary>The text of an annotation; null without it.</summary>
    public string? Text(ulong id) => values.TryGetValue(id, out var value) ? value.Pointer.GetText() : null;

    /// <summary>The texts of an annotation that is a list of them.</summary>
    public IReadOnlyList<string> Texts(ulong id)
    {
        if (!values.TryGetValue(id, out var value))
        {
            return [];
        }

        var list = value.Pointer.GetList(Layout.ElementSize.Pointer);
        return [.. Enumerable.Range(0, list.Count).Select(list.GetText)];
    }
}
