namespace Dash.Ipc.Interfaces.Tests.Schemas;

/// <summary>What the schema declares that a guide throws.</summary>
public sealed class JourneyException(string message) : Exception(message);
