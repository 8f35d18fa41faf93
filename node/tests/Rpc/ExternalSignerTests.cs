using Dash.Node.Rpc.Util;
using Dash.Rpc.Protocol;

namespace Dash.Node.Tests.Rpc;

public class ExternalSignerTests
{
    [Fact]
    public async Task Answers_with_what_the_program_prints_in_its_first_line()
    {
        using var directory = new TempDirectory();
        var signer = Make(directory, "echo \"[\\\"$1\\\",\\\"$2\\\"]\"; echo more");
        using var answer = await signer.RunAsync("one  two", TestNode.Ct);
        Assert.Equal("[\"one\",\"two\"]", answer.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("echo no >&2; exit 2", "returned 2: no\n")]
    [InlineData("echo nothing", "Unable to parse JSON: nothing")]
    public async Task A_program_that_fails_or_answers_no_JSON_is_named(string script, string error)
    {
        using var directory = new TempDirectory();
        var refused = await Assert.ThrowsAsync<RpcError>(() => Make(directory, script).RunAsync("enumerate", TestNode.Ct));
        Assert.EndsWith(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var refused = await Assert.ThrowsAsync<RpcError>(() => new ExternalSigner("/nowhere/signer").RunAsync("enumerate", TestNode.Ct));
        Assert.Equal("execve failed: No such file or directory", refused.Message);
    }

    private static ExternalSigner Make(TempDirectory directory, string script)
    {
        var path = Path.Combine(directory.Path, "signer.sh");
        File.WriteAllText(path, script + "\n");
        return new ExternalSigner("/bin/sh " + path);
    }
}
