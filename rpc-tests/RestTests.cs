using System.Text;
using System.Text.Json;
using Dash.Node.Rpc.Rest;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Rpc.Http;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>REST over a chain that lives: what it answers is what the methods answer, in each form.</summary>
public sealed class RestTests : IAsyncLifetime
{
    private const string Unknown = "1111111111111111111111111111111111111111111111111111111111111111";

    private readonly string _directory = Directory.CreateTempSubdirectory("dash-rest-").FullName;
    private NodeFixture _node = null!;
    private RestPages _pages = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeFixture.OpenAsync(_directory, 1_700_000_000);
        _pages = new RestPages(_node.Dispatcher);
        _pages.Open(_node.Context);
        await _node.AskAsync($$"""{"method":"generatetodescriptor","params":[5,"raw(51)"]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_block_has_three_forms()
    {
        var hash = await HashAsync(3);
        var block = Block.Parse((await BytesAsync($"block/{hash}.bin")).Span);

        Assert.Equal(hash, block.Hash.ToString());
        Assert.Equal(Hex.Encode(block.ToBytes()) + "\n", await TextAsync($"block/{hash}.hex"));
        Assert.Equal(await ResultAsync("getblock", $"\"{hash}\",3"), await JsonAsync($"block/{hash}.json"));
        Assert.Equal(await ResultAsync("getblock", $"\"{hash}\",1"), await JsonAsync($"block/notxdetails/{hash}.json"));
    }

    [Fact]
    public async Task A_transaction_has_three_forms()
    {
        var coinbase = _node.Context.Archive.ReadBlock(_node.Context.View.At(2)!).Transactions[0];

        Assert.Equal(coinbase.ToBytes(), (await BytesAsync($"tx/{coinbase.Txid}.bin")).ToArray());
        Assert.Equal(Hex.Encode(coinbase.ToBytes()) + "\n", await TextAsync($"tx/{coinbase.Txid}.hex"));
        using var json = JsonDocument.Parse(await JsonAsync($"tx/{coinbase.Txid}.json"));
        Assert.Equal(coinbase.Txid.ToString(), json.RootElement.GetProperty("txid").GetString());
        Assert.Equal(await HashAsync(2), json.RootElement.GetProperty("blockhash").GetString());
    }

    [Fact]
    public async Task Headers_come_from_one_on_as_many_as_are_wanted()
    {
        var hash = await HashAsync(2);

        Assert.Equal(2 * BlockHeader.Size, (await BytesAsync($"headers/{hash}.bin", "count=2")).Length);
        Assert.Equal(4 * BlockHeader.Size, (await BytesAsync($"headers/{hash}.bin")).Length); // five are wanted, to the tip are four
        Assert.Equal(await BytesAsync($"headers/{hash}.bin", "count=2"), await BytesAsync($"headers/2/{hash}.bin"), new SameBytes());
        using var json = JsonDocument.Parse(await JsonAsync($"headers/{hash}.json", "count=1"));
        Assert.Equal(await ResultAsync("getblockheader", $"\"{hash}\""), json.RootElement[0].GetRawText());
        Assert.Empty((await BytesAsync($"headers/{Unknown}.bin")).ToArray());
    }

    [Fact]
    public async Task Chain_and_mempool_answer_as_their_methods()
    {
        Assert.Equal(await ResultAsync("getblockchaininfo", ""), await JsonAsync("chaininfo.json"));
        Assert.Equal(await ResultAsync("getmempoolinfo", ""), await JsonAsync("mempool/info.json"));
        Assert.Equal("{}", await JsonAsync("mempool/contents.json"));
        Assert.Equal(await HashAsync(4) + "\n", await TextAsync("blockhashbyheight/4.hex"));
        Assert.Equal(await HashAsync(4) + "\n", await TextAsync("blockhashbyheight/+4.hex"));
        Assert.Equal($"{{\"blockhash\":\"{await HashAsync(4)}\"}}", await JsonAsync("blockhashbyheight/4.json"));
        Assert.Equal(BlockHash.Parse(await HashAsync(4)).Value.ToArray(), (await BytesAsync("blockhashbyheight/4.bin")).ToArray());
    }

    [Fact]
    public async Task Unspent_outputs_are_asked_for_in_the_path_or_the_body()
    {
        var txid = _node.Context.Archive.ReadBlock(_node.Context.View.At(1)!).Transactions[0].Txid;
        using var json = JsonDocument.Parse(await JsonAsync($"getutxos/checkmempool/{txid}-0/{Unknown}-0.json"));
        Assert.Equal("10", json.RootElement.GetProperty("bitmap").GetString());
        Assert.Equal(5, json.RootElement.GetProperty("chainHeight").GetInt32());
        Assert.Equal(await HashAsync(5), json.RootElement.GetProperty("chaintipHash").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("utxos").GetArrayLength());

        ByteWriter wish = new();
        wish.WriteByte(0);
        wish.WriteCompactSize(1);
        new OutPoint(txid, 0).Write(wish);
        var inBody = await AskAsync("getutxos.bin", body: wish.ToArray());
        Assert.Equal(200, inBody.Status);
        Assert.Equal((await BytesAsync($"getutxos/{txid}-0.bin")).ToArray(), inBody.Body.ToArray());
        var tip = await HashAsync(5);
        var reader = new SpanReader(inBody.Body.Span);
        Assert.Equal(5, reader.ReadInt32());
        Assert.Equal(tip, new BlockHash(reader.ReadUint256()).ToString());
        Assert.Equal([1], reader.ReadVarBytes().ToArray());

        // dashd's form of the body has no byte for the mempool.
        var without = await AskAsync("getutxos.bin", body: wish.ToArray()[1..]);
        Assert.Equal(inBody.Body.ToArray(), without.Body.ToArray());
        Assert.Equal(400, (await AskAsync("getutxos.bin", body: wish.ToArray()[1..^1])).Status);
    }

    [Theory]
    [InlineData("tx/nonsense.json", 400, "Invalid hash: nonsense")]
    [InlineData("tx/" + Unknown + ".json", 404, Unknown + " not found")]
    [InlineData("block/" + Unknown + ".json", 404, Unknown + " not found")]
    [InlineData("chaininfo.bin", 404, "output format not found (available: json)")]
    [InlineData("blockhashbyheight/4.nonsense", 400, "Invalid height: 4.nonsense")]
    [InlineData("blockhashbyheight/1000.json", 404, "Block height out of range")]
    [InlineData("blockhashbyheight/-1.json", 400, "Invalid height: -1")]
    [InlineData("mempool/nonsense.json", 400, "Invalid URI format. Expected /rest/mempool/<info|contents>.json")]
    [InlineData("headers/0/" + Unknown + ".bin", 400, "Header count is invalid or out of acceptable range (1-2000): 0")]
    [InlineData("headers/2001/" + Unknown + ".bin", 400, "Header count is invalid or out of acceptable range (1-2000): 2001")]
    [InlineData("getutxos.json", 400, "Error: empty request")]
    [InlineData("getutxos/checkmempool.json", 400, "Error: empty request")]
    [InlineData("getutxos/checkmempool/nonsense.json", 400, "Parse error")]
    [InlineData("blockfilter/nonsense/" + Unknown + ".bin", 400, "Unknown filtertype nonsense")]
    public async Task A_refusal_has_its_status_and_words(string path, int status, string words)
    {
        var reply = await AskAsync(path);

        Assert.Equal((status, words + "\r\n"), (reply.Status, Encoding.UTF8.GetString(reply.Body.Span)));
        Assert.Equal("text/plain", reply.ContentType);
    }

    [Fact]
    public async Task Too_many_outputs_are_refused()
    {
        var sixteen = string.Join('/', Enumerable.Repeat(Unknown + "-0", 16));

        var reply = await AskAsync($"getutxos/{sixteen}.json");

        Assert.Equal("Error: max outpoints exceeded (max: 15, tried: 16)\r\n", Encoding.UTF8.GetString(reply.Body.Span));
        Assert.Equal(200, (await AskAsync($"getutxos/{sixteen[(Unknown.Length + 3)..]}.json")).Status);
    }

    [Fact]
    public async Task There_is_nothing_beside_the_pages_and_nothing_before_the_node_is_built()
    {
        Assert.Null(await _pages.AnswerAsync(new OpenRequest("nonsense", "", default), Ct));

        RestPages early = new(_node.Dispatcher);
        Assert.Equal(503, (await early.AnswerAsync(new OpenRequest("chaininfo.json", "", default), Ct))!.Status);
    }

    private async Task<OpenReply> AskAsync(string path, string query = "", byte[]? body = null) =>
        await _pages.AnswerAsync(new OpenRequest(path, query, body), Ct) ?? throw new InvalidOperationException("There is no such page.");

    private async Task<ReadOnlyMemory<byte>> BytesAsync(string path, string query = "") => await OfTypeAsync(path, query, "application/octet-stream");

    private async Task<string> TextAsync(string path) => Encoding.ASCII.GetString((await OfTypeAsync(path, "", "text/plain")).Span);

    private async Task<string> JsonAsync(string path, string query = "") =>
        Encoding.UTF8.GetString((await OfTypeAsync(path, query, "application/json")).Span).TrimEnd('\n');

    private async Task<ReadOnlyMemory<byte>> OfTypeAsync(string path, string query, string type)
    {
        var reply = await AskAsync(path, query);
        Assert.Equal((200, type), (reply.Status, reply.ContentType));
        return reply.Body;
    }

    private async Task<string> ResultAsync(string method, string parameters)
    {
        using var reply = JsonDocument.Parse(await _node.AskAsync($"{{\"method\":\"{method}\",\"params\":[{parameters}]}}"));
        return reply.RootElement.GetProperty("result").GetRawText();
    }

    private async Task<string> HashAsync(int height) => (await ResultAsync("getblockhash", $"{height}")).Trim('"');

    private sealed class SameBytes : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj) => obj.Length;
    }
}
