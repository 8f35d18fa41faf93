using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>What became of transactions that were looked at together.</summary>
/// <param name="Failure">Which sort of failure of the whole.</param>
/// <param name="RejectReason">Core's reason; empty without failure.</param>
/// <param name="Results">Of those transactions that were judged by themselves.</param>
/// <param name="FeeRate">The rate of those that were judged together; null if none were.</param>
internal sealed record PackageResult(
    PackageFailure Failure,
    string RejectReason,
    IReadOnlyDictionary<Txid, AcceptResult> Results,
    FeeRate? FeeRate = null);
