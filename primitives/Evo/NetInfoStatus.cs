namespace Dash.Primitives.Evo;

/// <summary>What is wrong with the addresses of a masternode.</summary>
public enum NetInfoStatus
{
    /// <summary>Nothing.</summary>
    Success,

    /// <summary>An address names no host.</summary>
    BadAddress,

    /// <summary>A name that can't be used here.</summary>
    BadInput,

    /// <summary>A port that can't be used here.</summary>
    BadPort,

    /// <summary>An address of a network that can't be used here.</summary>
    BadType,

    /// <summary>The same address twice.</summary>
    Duplicate,

    /// <summary>An address nobody outside could reach.</summary>
    NotRoutable,

    /// <summary>Not what the form asks for.</summary>
    Malformed,

    /// <summary>More addresses than the form takes.</summary>
    MaxLimit,
}
