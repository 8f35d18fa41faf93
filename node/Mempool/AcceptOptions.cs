namespace Dash.Node.Mempool;

/// <summary>How a transaction is judged.</summary>
/// <param name="Time">When it came, Unix seconds.</param>
/// <param name="BypassLimits">Ignore fee floors: for transactions that were in a block before.</param>
/// <param name="TestOnly">Check, and add nothing.</param>
/// <param name="UsesPackageRate">Its fee is judged together with others'.</param>
internal readonly record struct AcceptOptions(
    long Time, bool BypassLimits = false, bool TestOnly = false, bool UsesPackageRate = false);
