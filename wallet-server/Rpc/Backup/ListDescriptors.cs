using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Backup;

internal static class ListDescriptors
{
    private static readonly RpcArg<bool> Private = Arg.Bool(
        "private", fallback: false, "Show private keys and words too.");

    public static readonly WalletMethod Method = new("wallet", "listdescriptors", "The descriptors of the wallet.")
    {
        Args = [Private],
        Results =
        [
            Result.Obj(
                Result.Str("wallet_name", "The wallet's name."),
                Result.Arr("descriptors", "Its descriptors, in the order of their texts.",
                    Result.Obj("", "",
                        Result.Str("desc", "The descriptor."),
                        Result.Str("mnemonic", "The words it was made from, with private=true.", optional: true),
                        Result.Str("mnemonicpassphrase",
                            "The passphrase of the words, with private=true.", optional: true),
                        Result.Num("timestamp", "Its birth, seconds since 1970."),
                        Result.Bool("active", "Whether new addresses come from it."),
                        Result.Bool("internal", "Of an active one: whether they are change addresses.", optional: true),
                        Result.Bool("coinjoin", "There if it makes the addresses of CoinJoin.", optional: true),
                        Result.ArrFixed("range", "Of one that stands for many scripts: those that are watched.",
                            Result.Num("", "The first."),
                            Result.Num("", "The last.")) with { IsOptional = true },
                        Result.Num("next", "The same as next_index.", optional: true),
                        Result.Num("next_index", "The next to be given out.", optional: true)))),
        ],
        Examples = [Example.Cli(), Example.Rpc(), Example.Cli("true"), Example.Rpc("true")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var isPrivate = call.Get(Private);
        if (isPrivate)
        {
            WalletCall.RequireUnlocked(wallet);
        }

        var snapshot = call.SnapshotOf(wallet);
        var lines = snapshot.Keychains
            .Select((keychain, place) => (
                Text: isPrivate ? keychain.ToPrivateText(wallet.Keys) : keychain.ToPublicText(),
                Keychain: keychain,
                Place: place,
                Words: isPrivate ? wallet.Keys.Words(keychain.Id) : SecretWords.None))
            .OrderBy(line => line.Text, StringComparer.Ordinal);

        result.WriteStartObject();
        result.WriteString("wallet_name", wallet.Name);
        result.WriteStartArray("descriptors");
        foreach (var (text, keychain, place, words) in lines)
        {
            result.WriteStartObject();
            result.WriteString("desc", text);
            if (words.Mnemonic.Length > 0)
            {
                result.WriteString("mnemonic", words.Mnemonic);
                result.WriteString("mnemonicpassphrase", words.Passphrase);
            }

            WritePlace(result, keychain, place, snapshot);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WritePlace(Utf8JsonWriter result, Keychain keychain, int place, WalletSnapshot snapshot)
    {
        var isActive = place == snapshot.ActiveExternal || place == snapshot.ActiveInternal;
        result.WriteNumber("timestamp", keychain.CreationTime);
        result.WriteBoolean("active", isActive);
        if (isActive)
        {
            result.WriteBoolean("internal", place == snapshot.ActiveInternal);
        }

        if (!keychain.IsRanged)
        {
            return;
        }

        if (keychain.IsCoinJoin(snapshot.Chain))
        {
            result.WriteBoolean("coinjoin", true);
        }

        result.WriteStartArray("range");
        result.WriteNumberValue(keychain.RangeStart);
        result.WriteNumberValue(keychain.RangeEnd - 1);
        result.WriteEndArray();
        result.WriteNumber("next", keychain.NextIndex);
        result.WriteNumber("next_index", keychain.NextIndex);
    }
}
