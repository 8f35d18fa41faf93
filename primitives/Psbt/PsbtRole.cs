namespace Dash.Primitives.Psbt;

/// <summary>Who has to work on a PSBT next, in their order (BIP174).</summary>
public enum PsbtRole
{
    /// <summary>Makes it.</summary>
    Creator,

    /// <summary>Adds what signers need to know.</summary>
    Updater,

    /// <summary>Signs.</summary>
    Signer,

    /// <summary>Puts signatures together.</summary>
    Finalizer,

    /// <summary>Takes the transaction out.</summary>
    Extractor,
}

/// <summary>Core's names of the roles.</summary>
public static class PsbtRoleNames
{
    /// <summary>The name as RPC replies have it under <c>next</c>.</summary>
    public static string Name(this PsbtRole role) => role switch
    {
        PsbtRole.Creator => "creator",
        PsbtRole.Updater => "updater",
        PsbtRole.Signer => "signer",
        PsbtRole.Finalizer => "finalizer",
        _ => "extractor",
    };
}
