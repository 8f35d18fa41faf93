namespace Dash.Ipc.Generator;

/// <summary>A schema that cannot be expressed in C#; the message names the declaration.</summary>
internal sealed class GeneratorException(string message) : Exception(message);
