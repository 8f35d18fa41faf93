namespace Dash.Node.Mempool;

/// <summary>Why a package of transactions was not taken.</summary>
internal enum PackageFailure
{
    /// <summary>It was, or each transaction was judged by itself.</summary>
    None,

    /// <summary>The package as a whole keeps not to the rules for packages.</summary>
    Policy,

    /// <summary>One of its transactions is not acceptable.</summary>
    Transaction,
}
