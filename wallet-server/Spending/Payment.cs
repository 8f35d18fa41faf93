using Dash.Primitives.Scripts;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Spending;

/// <summary>Somebody to be paid.</summary>
/// <param name="Script">Whom.</param>
/// <param name="Value">How much.</param>
/// <param name="SubtractFee">The recipient bears (a share of) the fee.</param>
internal sealed record Payment(Script Script, Amount Value, bool SubtractFee = false);
