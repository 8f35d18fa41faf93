using System.Globalization;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>Amounts as Core writes them in its messages: at least two decimals, no needless zeros.</summary>
internal static class MoneyText
{
    /// <summary><c>1.00</c>, <c>0.00001</c>, <c>-3.2505</c>.</summary>
    public static string Of(Amount amount)
    {
        var duffs = Math.Abs(amount.Duffs);
        var fraction = (duffs % Amount.DuffsPerDash).ToString("D8", CultureInfo.InvariantCulture).TrimEnd('0');
        var sign = amount.Duffs < 0 ? "-" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{sign}{duffs / Amount.DuffsPerDash}.{fraction.PadRight(2, '0')}");
    }
}
