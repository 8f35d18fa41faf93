using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class ListLabels
{
    private static readonly RpcArg<string?> Purpose = Arg.OptionalStr("purpose",
        "Only labels of addresses with this purpose, 'send' or 'receive'. The empty text is as if it were left out.");

    public static readonly WalletMethod Method = new("wallet", "listlabels", "The labels of the address book.")
    {
        Args = [Purpose],
        Results = [Result.Arr("", "", Result.Str("label", "A label."))],
        Examples =
        [
            Example.Cli("All labels", ""),
            Example.Cli("Labels of receiving addresses", "receive"),
            Example.Cli("Labels of sending addresses", "send"),
            Example.Rpc("The same over HTTP", "\"receive\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var book = call.SnapshotOf(call.Wallet()).AddressBook;
        result.WriteStartArray();
        foreach (var label in book.Labels(call.Get(Purpose)))
        {
            result.WriteStringValue(label);
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
