using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>Lines about the delivery of events; always in the log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Webhook {Target} has not taken event {Sequence}: {Reason}. It is sent again until it is taken")]
    public static partial void NotTaken(ILogger logger, string wallet, WebhookTarget target, long sequence, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Wallet}] Webhook {Target} takes events again, from {Sequence} on")]
    public static partial void TakenAgain(ILogger logger, string wallet, WebhookTarget target, long sequence);
}
