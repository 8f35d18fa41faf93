using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Mining;

/// <summary>What is logged about making blocks.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "fee rate {Rate} txid {Txid}")]
    public static partial void Chosen(ILogger log, FeeRate rate, Txid txid);
}
