using Dash.Primitives.Descriptors;

namespace Dash.WalletServer.Wallets;

/// <summary>A descriptor to be taken into a wallet, with the private keys that stood in its text. Owns the keys.</summary>
internal sealed record NewDescriptor(Descriptor Descriptor, DescriptorKeys Keys) : IDisposable
{
    /// <summary>Birth, seconds since 1970.</summary>
    public long CreationTime { get; init; }

    /// <summary>First index watched.</summary>
    public int RangeStart { get; init; }

    /// <summary>One past the last index watched.</summary>
    public int RangeEnd { get; init; } = 1;

    /// <summary>First index not given out yet.</summary>
    public int NextIndex { get; init; }

    /// <summary>Of change: nobody is given its addresses.</summary>
    public bool IsInternal { get; init; }

    /// <summary>New addresses come from it.</summary>
    public bool IsActive { get; init; }

    /// <summary>The label of its one address.</summary>
    public string Label { get; init; } = "";

    /// <inheritdoc/>
    public void Dispose() => Keys.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "***";
}
