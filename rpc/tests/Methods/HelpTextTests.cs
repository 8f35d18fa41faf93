using Dash.Rpc.Methods;

namespace Dash.Rpc.Tests.Methods;

public sealed class HelpTextTests
{
    [Fact]
    public void Help_has_Cores_layout()
    {
        const string expected = """
            pay "address" amount ( "comment" verbose )

            Pays somebody.

            Arguments:
            1. address    (string, required) Where to pay to.
            2. amount     (numeric or string, required) How much, in DASH.
            3. comment    (string, optional) A note.
            4. verbose    (boolean, optional, default=false) Say more.

            Result (without verbose):
            "hex"    (string) The transaction's id.

            Result (with verbose):
            {                       (json object)
              "txid" : "hex",       (string) The transaction's id.
              "amount" : n,         (numeric) What was paid.
              "comment" : "str"     (string, optional) The note.
            }

            Examples:

            Pay 0.1 Dash
            > dash-cli pay "XunLY9Tf7Zsef8gMGL2fhWA9ZmMjt4KPw0" 0.1
            > curl --user myusername --data-binary '{"jsonrpc": "1.0", "id": "curltest", "method": "pay", "params": ["XunLY9Tf7Zsef8gMGL2fhWA9ZmMjt4KPw0", 0.1]}' -H 'content-type: text/plain;' http://127.0.0.1:9998/

            """;
        Assert.Equal(expected, HelpText.Render(Samples.Pay));
    }

    [Fact]
    public void Nested_arguments_and_results_are_drawn()
    {
        RpcMethod<RpcCall> method = new("test", "make", "Makes it.")
        {
            Args =
            [
                Arg.Array(
                    "inputs",
                    "What to spend",
                    Arg.Object(
                        "",
                        "",
                        Arg.HexText("txid", "The id"),
                        Arg.Int("vout", "The output\nof it"))),
                Arg.OptionalArray("keys", "Keys", Arg.Str("key", "A key") with { IsOptional = true }),
                Arg.ObjectUserKeys("outputs", "What to pay", Arg.Amount("address", "To whom") with { ValueText = "amount" }),
                Arg.OptionalInt("wait", "") with { IsHidden = true },
            ],
            Results =
            [
                Result.ObjDyn("", "By address", Result.Arr("address", "Its coins", Result.Time("", "When"))),
            ],
            Handler = (_, _, _) => ValueTask.CompletedTask,
        };
        const string expected = """
            make [{"txid":"hex","vout":n},...] ( ["key",...] ) {"address":amount,...}

            Makes it.

            Arguments:
            1. inputs                    (json array, required) What to spend
                 [
                   {                     (json object)
                     "txid": "hex",      (string, required) The id
                     "vout": n,          (numeric, required) The output
                                         of it
                   },
                   ...
                 ]
            2. keys                      (json array, optional) Keys
                 [
                   "key",                (string) A key
                   ...
                 ]
            3. outputs                   (json object, required) What to pay
                 {
                   "address": amount,    (numeric or string, required) To whom
                   ...
                 }

            Result:
            {                  (json object) By address
              "address" : [    (json array) Its coins
                xxx,           (numeric) When
                ...
              ],
              ...
            }

            """;
        Assert.Equal(expected, HelpText.Render(method));
    }

    [Fact]
    public void A_subcommand_has_its_second_word_as_parameter() =>
        Assert.Contains(
            "\"method\": \"protx\", \"params\": [\"register\", 1]}", Example.Rpc("1").Render("protx register"), StringComparison.Ordinal);
}
