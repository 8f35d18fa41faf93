using System.Text;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Tests.Methods;

public sealed class ResultCheckTests
{
    [Theory]
    [InlineData("\"00ff\"", null)]
    [InlineData("{\"txid\":\"00\",\"amount\":1.0}", null)]
    [InlineData("{\"txid\":\"00\",\"amount\":1.0,\"comment\":\"x\"}", null)]
    [InlineData("\"xyz\"", "result is not hex")]
    [InlineData("1", "result is Number, declared as String")]
    public void Results_are_compared_with_their_declaration(string json, string? fault) =>
        Assert.Equal(fault, Find(Samples.Pay, json));

    [Theory]
    [InlineData("{\"a\":1,\"b\":[true]}", null)]
    [InlineData("{\"a\":1,\"b\":[true,2]}", "result.b[1] is Number, declared as Bool")]
    [InlineData("{\"b\":[]}", "result.a is missing")]
    [InlineData("{\"a\":1}", null)]
    [InlineData("{\"a\":1,\"c\":1}", "result.c is not declared")]
    [InlineData("{\"a\":\"1\"}", "result.a is String, declared as Number")]
    public void The_fault_says_where_it_is(string json, string? fault)
    {
        RpcMethod<RpcCall> method = new("test", "it", "")
        {
            Results =
            [
                Result.Obj(Result.Num("a", ""), Result.Arr("b", "", Result.Bool("", "")).Optional()),
            ],
            Handler = (_, _, _) => ValueTask.CompletedTask,
        };
        Assert.Equal(fault, Find(method, json));
    }

    [Fact]
    public void Nothing_is_null() => Assert.Null(Find(Samples.Nothing, ""));

    private static string? Find(RpcMethod method, string json) => ResultCheck.Find(method, Encoding.UTF8.GetBytes(json));
}
