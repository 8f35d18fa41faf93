namespace Dash.Ipc.Multiprocess;

/// <summary>A parameter, a result, or a member of one, for logs.</summary>
/// <param name="Name">The schema's name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">In units of its own size; of what is behind a pointer, the pointer's index.</param>
public sealed record ProxyField(string Name, ProxyFieldKind Kind, int Offset)
{
    /// <summary>The bits of the schema's default of a number.</summary>
    public ulong Mask { get; init; }

    /// <summary>The fields of a struct; the element of a list, whose offset means nothing.</summary>
    public IReadOnlyList<ProxyField> Members { get; init; } = [];
}
