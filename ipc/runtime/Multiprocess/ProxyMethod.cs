namespace Dash.Ipc.Multiprocess;

/// <summary>A method of an interface, as the wire knows it.</summary>
/// <param name="InterfaceId">Id of the interface that declares it, also when it is called on one that extends it.</param>
/// <param name="MethodId">Its ordinal.</param>
/// <param name="InterfaceName">For logs.</param>
/// <param name="MethodName">For logs; the one called <c>destroy</c> ends its object.</param>
/// <param name="ParamDataWords">Data section of the parameter struct.</param>
/// <param name="ParamPointers">Pointer section of the parameter struct.</param>
/// <param name="ResultDataWords">Data section of the result struct.</param>
/// <param name="ResultPointers">Pointer section of the result struct.</param>
/// <param name="ContextPointer">Pointer slot of <c>context :Proxy.Context</c> in the parameters; -1 if there is none.</param>
public sealed record ProxyMethod(
    ulong InterfaceId,
    ushort MethodId,
    string InterfaceName,
    string MethodName,
    ushort ParamDataWords,
    ushort ParamPointers,
    ushort ResultDataWords,
    ushort ResultPointers,
    int ContextPointer)
{
    /// <summary>The parameters without the context, for logs.</summary>
    public IReadOnlyList<ProxyField> Params
    {
        get;
        init
        {
            field = value;
            HasSecrets = HoldsSecrets(Params) || HoldsSecrets(Results);
        }
    } = [];

    /// <summary>The results, for logs.</summary>
    public IReadOnlyList<ProxyField> Results
    {
        get;
        init
        {
            field = value;
            HasSecrets = HoldsSecrets(Params) || HoldsSecrets(Results);
        }
    } = [];

    /// <summary>Whether it takes as long as it takes, so that no deadline ends a call of it.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether a received request or response is wiped once it was read.</summary>
    internal bool HasSecrets { get; private init; }

    /// <summary>Whether this ends the object.</summary>
    internal bool IsDestroy => MethodName == "destroy";

    private static bool HoldsSecrets(IEnumerable<ProxyField> fields) =>
        fields.Any(field => field.Kind == ProxyFieldKind.Secret || HoldsSecrets(field.Members));
}
