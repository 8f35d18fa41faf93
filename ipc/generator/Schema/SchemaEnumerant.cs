namespace Dash.Ipc.Generator.Schema;

/// <summary>A name of an enum; its number is its place in the list.</summary>
internal sealed record SchemaEnumerant(string Name, SchemaAnnotations Annotations, string Doc);
