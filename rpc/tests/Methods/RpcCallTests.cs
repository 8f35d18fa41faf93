using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Methods;

public sealed class RpcCallTests
{
    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 3, "");
    private static readonly RpcArg<bool?> Flag = Arg.OptionalBool("flag", "");
    private static readonly RpcArg<int> Field = Arg.Int("size", fallback: 7, "");
    private static readonly RpcArg<string> Needed = Arg.Str("needed", "");
    private static readonly RpcArg<RpcObject?> Options = Arg.OptionalObject("options", "", Field, Needed);
    private static readonly RpcArg<IReadOnlyList<string>?> Names = Arg.OptionalArray("names", "", Arg.Str("name", ""));
    private static readonly RpcArg<int> Undeclared = Arg.Int("other", "");

    [Fact]
    public void Absent_and_null_arguments_have_their_fallback()
    {
        foreach (var call in new[] { Call("[]"), Call("[null,null,null,null]") })
        {
            Assert.Equal(3, call.Get(Count));
            Assert.Null(call.Get(Flag));
            Assert.Null(call.Get(Options));
            Assert.Null(call.Get(Names));
            Assert.False(call.Has(Count));
        }
    }

    [Fact]
    public void Given_arguments_are_read_by_their_declaration()
    {
        var call = Call("[5,false,{\"needed\":\"x\"},[\"a\",\"b\"]]");
        Assert.Equal(5, call.Get(Count));
        Assert.Equal(false, call.Get(Flag));
        Assert.Equal("x", call.Get(Options)!.Get(Needed));
        Assert.Equal(7, call.Get(Options)!.Get(Field));
        Assert.False(call.Get(Options)!.Has(Field));
        Assert.Equal(["a", "b"], call.Get(Names));
    }

    [Theory]
    [InlineData("{}", "Missing needed")]
    [InlineData("{\"needed\":\"x\",\"Size\":1}", "Unexpected key Size")]
    [InlineData("{\"needed\":1}", "JSON value of type number for field needed is not of expected type string")]
    [InlineData("[]", "JSON value of type array is not of expected type object")]
    public void Objects_are_checked_as_a_whole(string options, string message)
    {
        var error = Assert.Throws<RpcError>(() => Call($"[1,true,{options}]").Get(Options));
        Assert.Equal((RpcErrorCode.Type, message), (error.Code, error.Message));
    }

    [Fact]
    public void An_argument_nobody_declared_is_a_bug() =>
        Assert.Throws<InvalidOperationException>(() => Call("[]").Get(Undeclared));

    [Theory]
    [InlineData("/", null)]
    [InlineData("/wallet/", "")]
    [InlineData("/wallet/a%20b/%2Fx%c3%bc+", "a b//xü+")]
    public void The_path_names_the_wallet(string uri, string? name) => Assert.Equal(name, RpcRequest.WalletName(uri));

    private static RpcCall Call(string arguments)
    {
        RpcMethod<RpcCall> method = new("test", "it", "")
        {
            Args = [Count, Flag, Options, Names],
            Results = [Result.Any()],
            Handler = (_, _, _) => ValueTask.CompletedTask,
        };
        var values = JsonDocument.Parse(arguments).RootElement;
        return new RpcCall(new RpcInvocation(RpcRequest.Of(values, "/", ""), method, [.. values.EnumerateArray()]));
    }
}
