namespace Dash.Primitives.Evo;

/// <summary>Why an operator gave up a masternode; for information only. The numbers are those of the wire.</summary>
public enum RevocationReason : ushort
{
    /// <summary>Not told.</summary>
    NotSpecified = 0,

    /// <summary>The service ended.</summary>
    TerminationOfService = 1,

    /// <summary>Somebody else may know the keys.</summary>
    CompromisedKeys = 2,

    /// <summary>New keys will come.</summary>
    ChangeOfKeys = 3,
}
