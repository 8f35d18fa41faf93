namespace Dash.Node.Net.Addresses;

/// <summary>What is the matter with a file of addresses.</summary>
internal enum AddressFileFault
{
    /// <summary>It was written by a later version, which this one can't read.</summary>
    FromLaterVersion,

    /// <summary>It can be read and contradicts itself.</summary>
    Inconsistent,

    /// <summary>It is damaged, or of another network.</summary>
    Corrupt,
}

/// <summary>A file of addresses can't be used.</summary>
internal sealed class AddressFileException(AddressFileFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public AddressFileFault Fault { get; } = fault;
}
