using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Methods;

public class TypesFirstTests
{
    [Theory]
    [InlineData("""["00", {"a": 1}, true]""", null)]
    [InlineData("""["00"]""", null)]
    [InlineData("""[1, "x", "y"]""", "JSON value of type number is not of expected type string")]
    [InlineData("""["00", "x", "y"]""", "JSON value of type string is not of expected type bool")]
    [InlineData("""["00", null, null]""", "JSON value of type null is not of expected type bool")]
    public void Kinds_are_checked_from_left_to_right_before_a_handler_runs(string arguments, string? error) =>
        Assert.Equal(error, Check(arguments, takesNull: false));

    [Fact]
    public void Null_passes_where_it_may() => Assert.Null(Check("[null, null, null]", takesNull: true));

    private static string? Check(string arguments, bool takesNull)
    {
        RpcMethod<RpcCall> method = new("hidden", "checked", "Checks.")
        {
            Results = [Result.None()],
            TypesFirst = [ArgKind.Hex, null, ArgKind.Bool],
            TypesFirstTakeNull = takesNull,
            Handler = (_, _, _) => ValueTask.CompletedTask,
        };
        using var json = JsonDocument.Parse(arguments);
        try
        {
            method.CheckTypes([.. json.RootElement.EnumerateArray()]);
            return null;
        }
        catch (RpcError e)
        {
            Assert.Equal(RpcErrorCode.Type, e.Code);
            return e.Message;
        }
    }
}
