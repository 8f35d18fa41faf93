using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Primitives.Hashing;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>
/// What goes around every method that spends: a caller that names its payment (idempotency key) gets the same answer however
/// often it asks, and one payment. The name is stored in the same write as the payment.
/// </summary>
internal static class OnceOnly
{
    /// <summary>The handler of a method, with this around it where the method spends.</summary>
    public static RpcHandler<WalletCall> Around(RpcMethod<WalletCall> method)
    {
        var handler = OwnKeys.Around(method);
        return IsSpending(method) ? (call, result, ct) => RunAsync(handler, call, result, ct) : handler;
    }

    /// <summary>What the caller says about a payment; nothing for methods that make none.</summary>
    public static SpendTicket TicketOf(RpcInvocation invocation)
    {
        var options = invocation.Request.Options;
        return (options.IdempotencyKey is null && options.Spool is null) || !IsSpending(invocation.Method)
            ? SpendTicket.None
            : new SpendTicket(options.IdempotencyKey, HashOf(invocation), options.Spool);
    }

    private static async ValueTask RunAsync(
        RpcHandler<WalletCall> handler, WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Options.IdempotencyKey is not { } key)
        {
            await handler(call, result, ct);
            return;
        }

        var wallet = call.Wallet();
        using var turn = await wallet.Keyed.EnterAsync(key, ct);
        if (wallet.FindRequest(key) is { } before)
        {
            Repeat(call, before, result);
            return;
        }

        ArrayBufferWriter<byte> answer = new(128);
        await using (Utf8JsonWriter writer = new(answer, JsonText.WriterOptions))
        {
            await handler(call, writer, ct);
        }

        await KeepAsync(wallet, call.Context.Spender, answer.WrittenMemory);
        result.WriteRawValue(answer.WrittenSpan);
    }

    // Without a payment of its own (a transaction that others sign, coins set aside) the key is stored with the answer.
    private static async Task KeepAsync(Wallet wallet, Spender spender, ReadOnlyMemory<byte> answer)
    {
        var ticket = spender.Ticket;
        try
        {
            if ((ticket.Stored ?? ticket.For(default, wallet.Clock.UnixSeconds)) is { } request)
            {
                await wallet.KeepAnswerAsync(request, answer, CancellationToken.None);
            }
        }
        catch (Exception failure) when (ticket.Stored is not null || failure is WalletException { Error: WalletError.NotFound })
        {
            // No room for it, a file that cannot be written, or unloaded meanwhile. What was to be done is done, and whoever hears anything
            // else does it again under another key: who asks again under this one gets an answer that is made of the payment.
            if (ticket.Stored is not null)
            {
                spender.NotKept(wallet, failure.Message);
            }
        }
    }

    private static bool IsSpending(RpcMethod method) => method is WalletMethod { Spends: true };

    private static void Repeat(WalletCall call, SpendRequest before, Utf8JsonWriter result)
    {
        if (before.Hash != call.Context.Spender.Ticket.Hash)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "The idempotency key was used before, with another method or other parameters");
        }

        if (before.Answer is { } answer)
        {
            result.WriteRawValue(answer.Span);
        }
        else if (ReferenceEquals(call.Method, Send.Method) || ReferenceEquals(call.Method, ConsolidateCoins.Method))
        {
            result.WriteStartObject();
            result.WriteHash("txid", before.Txid);
            if (ReferenceEquals(call.Method, Send.Method))
            {
                result.WriteBoolean("complete", true);
            }

            result.WriteEndObject();
        }
        else
        {
            result.WriteStringValue(before.Txid.ToString());
        }
    }

    private static Uint256 HashOf(RpcInvocation invocation)
    {
        var parameters = invocation.Request.Params;
        var text = parameters.ValueKind == JsonValueKind.Undefined ? "" : JsonText.ToText(parameters);
        return Hashes.Sha256(Encoding.UTF8.GetBytes(invocation.Method.Name + "\n" + text));
    }
}
