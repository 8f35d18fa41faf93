using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Rpc.Lists;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class ListAddressGroupings
{
    public static readonly WalletMethod Method = new("wallet", "listaddressgroupings",
        "Addresses of the wallet that everybody can tell have one owner, in groups: payments spent from them together,\n" +
        "or gave them the change.")
    {
        Results =
        [
            Result.Arr("", "",
                Result.Arr("", "A group.",
                    Result.ArrFixed("", "An address without label.",
                        Result.Str("address", "The address."),
                        Result.Amount("amount", "What it holds, in DASH.")),
                    Result.ArrFixed("", "An address with a label.",
                        Result.Str("address", "The address."),
                        Result.Amount("amount", "What it holds, in DASH."),
                        Result.Str("label", "The label.")))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Lane = RpcLane.Heavy,
        Reflects = StateAsync,
        Handler = HandleAsync,
    };

    // Rows that are kept need no answer that is kept.
    private static async ValueTask<AnswerState?> StateAsync(WalletCall call, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        return call.Reply is not null && call.ListsOf(wallet, call.SnapshotOf(wallet).TxCount) is not null ? null : WholeWallet.Of(call, wallet);
    }

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        if (call.Reply is { } reply && call.ListsOf(wallet, call.SnapshotOf(wallet).TxCount) is { } lists
            && lists.TryWrite(call, lists.Groups, (list, kept) => list.TryWrite(kept, reply, ct)))
        {
            return;
        }

        using var view = call.OpenView(wallet);
        GroupList.WriteAnew(view, result, ct);
    }
}
