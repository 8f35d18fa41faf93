namespace Dash.Ipc.Generator.Schema;

/// <summary>A method of an interface; its ordinal is its place in the list.</summary>
internal sealed record SchemaMethod(
    string Name, ushort Ordinal, ulong ParamsId, ulong ResultsId, SchemaAnnotations Annotations, string Doc);
