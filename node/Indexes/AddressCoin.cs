using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Indexes;

/// <summary>An unspent output of an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="OutPoint">The output's name.</param>
/// <param name="Duffs">Its value.</param>
/// <param name="Script">Its script.</param>
/// <param name="Height">Height of its block.</param>
internal readonly record struct AddressCoin(
    IndexedAddress Address, OutPoint OutPoint, long Duffs, Script Script, int Height);
