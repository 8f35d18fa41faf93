using System.Net;
using System.Net.Sockets;
using System.Text;
using Dash.Cli.Connection;

namespace Dash.Cli.Tests;

public sealed class CliProgramTests : IDisposable
{
    private const string Ok = """{"result":"ok","error":null,"id":1}""";

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_call_sends_method_and_words_with_the_cookie_and_prints_the_result()
    {
        _cli.Write("regtest/.cookie", "__cookie__:secret");
        await using var server = new FakeServer((200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "getblockhash", "5", "-x"));
        Assert.Equal("ok\n", _cli.Output);
        Assert.Equal("", _cli.Error);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("/", "__cookie__:secret"), (request.Path, request.Credentials));
        Assert.Equal("""{"method":"getblockhash","params":[5,"-x"],"id":1}""", request.Body.GetRawText());
    }

    [Theory]
    [InlineData("alice", "/wallet/alice")]
    [InlineData("", "/wallet/")]
    [InlineData("a b/∋", "/wallet/a%20b%2F%E2%88%8B")]
    [InlineData("..", "/wallet/..")]
    public async Task A_wallet_has_an_endpoint_of_its_own(string wallet, string path)
    {
        await using var server = new FakeServer((200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-rpcwallet=" + wallet, "-rpcpassword=p", "getbalance"));
        Assert.Equal((path, ":p"), (server.Requests[0].Path, server.Requests[0].Credentials));
    }

    [Fact]
    public async Task Credentials_may_come_from_the_file_and_standard_input()
    {
        _cli.Write("dash.conf", "rpcuser=ü\nrpcpassword=fromfile\n");
        _cli.Input = "typed\nfirst\nsecond\n";
        await using var server = new FakeServer((200, Ok), (200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-stdinrpcpass", "-stdin", "echo"));
        Assert.Equal("ü:typed", server.Requests[0].Credentials);
        Assert.Equal("""["first","second"]""", server.Requests[0].Body.GetProperty("params").GetRawText());
        Assert.Equal(0, await _cli.RunAsync(server, "echo"));
        Assert.Equal("ü:fromfile", server.Requests[1].Credentials);
    }

    [Fact]
    public async Task Lines_of_standard_input_end_at_a_line_feed_alone()
    {
        _cli.Input = "a\rb\nc\r\n\nlast";
        await using var server = new FakeServer((200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-stdin", "echo"));
        Assert.Equal("""["a\rb","c\r","","last"]""", server.Requests[0].Body.GetProperty("params").GetRawText());
    }

    [Fact]
    public void Standard_input_that_is_no_text_is_refused()
    {
        using StreamReader input = new(new MemoryStream([0xc3, 0x28, (byte)'\n']), new UTF8Encoding(false, throwOnInvalidBytes: true));
        using CliTerminal terminal = new(input, TextWriter.Null, TextWriter.Null, IsInputTerminal: false, IsOutputTerminal: false);
        Assert.Equal("Standard input is not UTF-8", Assert.Throws<CliException>(terminal.ReadLine).Message);
    }

    [Fact]
    public async Task A_passphrase_from_standard_input_becomes_the_first_argument()
    {
        _cli.Input = "secret\n";
        await using var server = new FakeServer((200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-stdinwalletpassphrase", "walletpassphrase", "60"));
        Assert.Equal("""["secret",60]""", server.Requests[0].Body.GetProperty("params").GetRawText());
        Assert.Equal(1, await _cli.RunAsync(server, "-stdinwalletpassphrase", "getbalance"));
        Assert.Equal("error: -stdinwalletpassphrase is only applicable for walletpassphrase(change)\n", _cli.Error);
    }

    [Fact]
    public async Task Named_arguments_go_as_an_object()
    {
        await using var server = new FakeServer((200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-named", "getblock", "blockhash=ab"));
        Assert.Equal("""{"blockhash":"ab"}""", server.Requests[0].Body.GetProperty("params").GetRawText());
    }

    [Fact]
    public async Task A_word_that_must_be_json_and_is_not_is_named_before_anything_is_sent()
    {
        Assert.Equal(1, await _cli.RunAsync("-regtest", "getblockhash", "abc"));
        Assert.Equal("error: Error parsing JSON: abc\n", _cli.Error);
    }

    [Fact]
    public async Task An_error_of_the_method_is_printed_and_becomes_the_exit_code()
    {
        await using var server = new FakeServer((404, """{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}"""));
        Assert.Equal(32601, await _cli.RunAsync(server, "nosuch"));
        Assert.Equal("", _cli.Output);
        Assert.Equal("error code: -32601\nerror message:\nMethod not found\n", _cli.Error);
    }

    [Theory]
    [InlineData(403, "", "server returned HTTP error 403")]
    [InlineData(503, "Work queue depth exceeded", "Server response: Work queue depth exceeded")]
    [InlineData(200, "", "no response from server")]
    [InlineData(200, "nonsense", "couldn't parse reply from server")]
    [InlineData(200, "[]", "JSON value of type array is not of expected type object")]
    [InlineData(200, "{}", "expected reply to have result, error and id properties")]
    [InlineData(401, "", "Could not locate RPC credentials. No authentication cookie could be found, and RPC password is not set.  See -rpcpassword and -stdinrpcpass.  Configuration file: ({0}/dash.conf)")]
    public async Task Other_answers_are_named(int status, string body, string reason)
    {
        await using var server = new FakeServer((status, body));
        Assert.Equal(1, await _cli.RunAsync(server, "getblockcount"));
        Assert.Equal("error: " + reason.Replace("{0}", _cli.Directory, StringComparison.Ordinal) + "\n", _cli.Error);
    }

    [Fact]
    public async Task Wrong_credentials_are_named()
    {
        await using var server = new FakeServer((401, ""));
        Assert.Equal(1, await _cli.RunAsync(server, "-rpcuser=a", "-rpcpassword=b", "getblockcount"));
        Assert.Equal("error: Authorization failed: Incorrect rpcuser or rpcpassword\n", _cli.Error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        // Taken and not listened on: nobody else can be there meanwhile.
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port; // it is bound
        Assert.Equal(1, await _cli.RunAsync("-regtest", $"-rpcport={port}", "getblockcount"));
        Assert.Equal(
            $"error: timeout on transient error: Could not connect to the server 127.0.0.1:{port}\n\n" +
            "Make sure the dashd server is running and that you are connecting to the correct RPC port.\n" +
            "Use \"dash-cli -help\" for more info.\n", _cli.Error);
    }

    [Fact]
    public async Task Waiting_for_a_server_that_warms_up()
    {
        await using var server = new FakeServer(
            (500, """{"result":null,"error":{"code":-28,"message":"Loading…"},"id":1}"""), (200, Ok));
        Assert.Equal(0, await _cli.RunAsync(server, "-rpcwait", "getblockcount"));
        Assert.Equal("ok\n", _cli.Output);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Waiting_for_a_server_that_writes_a_new_cookie_meanwhile()
    {
        _cli.Write("regtest/.cookie", "__cookie__:old");
        await using var server = new FakeServer((401, ""), (200, Ok)) { Requested = () => _cli.Write("regtest/.cookie", "__cookie__:new") };
        Assert.Equal(0, await _cli.RunAsync(server, "-rpcwait", "getblockcount"));
        Assert.Equal(["__cookie__:old", "__cookie__:new"], server.Requests.Select(request => request.Credentials));
    }

    [Fact]
    public async Task Generate_mines_to_a_new_address()
    {
        await using var server = new FakeServer(
            (200, """{"result":"yAddr","error":null,"id":1}"""), (200, """{"result":["ab"],"error":null,"id":1}"""));
        Assert.Equal(0, await _cli.RunAsync(server, "-rpcwallet=w", "-generate", "3", "1000"));
        Assert.Equal("{\n  \"address\": \"yAddr\",\n  \"blocks\": [\n    \"ab\"\n  ]\n}\n", _cli.Output);
        Assert.All(server.Requests, request => Assert.Equal("/wallet/w", request.Path));
        Assert.Equal("""[3,"yAddr",1000]""", server.Requests[1].Body.GetProperty("params").GetRawText());
    }

    [Theory]
    [InlineData("0", "the first argument (number of blocks to generate, default: 1) must be an integer value greater than zero")]
    [InlineData("1 2 3", "too many arguments (maximum 2 for nblocks and maxtries)")]
    public async Task Generate_refuses_odd_words(string words, string reason)
    {
        await using var server = new FakeServer((200, """{"result":"yAddr","error":null,"id":1}"""));
        Assert.Equal(1, await _cli.RunAsync(server, ["-generate", .. words.Split(' ')]));
        Assert.Equal($"error: {reason}\n", _cli.Error);
    }

    [Fact]
    public async Task Getinfo_shows_one_page_from_one_request()
    {
        const string Batch = """
            [{"result":{"version":230102,"timeoffset":0,"connections":3,"connections_in":1,"connections_out":2,"connections_mn":0,
              "connections_mn_in":0,"connections_mn_out":0,"networks":[{"name":"ipv4","proxy":"p:1"},{"name":"ipv6","proxy":"p:1"},{"name":"onion","proxy":""}],
              "relayfee":0.00001000,"warnings":""},"error":null,"id":0},
             {"result":{"chain":"regtest","blocks":101,"headers":102,"verificationprogress":0.5,"difficulty":4.656542373906925e-10},"error":null,"id":1},
             {"result":{"walletname":"","coinjoin_balance":0.00000000,"keypoolsize":1000,"paytxfee":0.00000000},"error":null,"id":2},
             {"result":{"mine":{"trusted":500.00000000}},"error":null,"id":3}]
            """;
        await using var server = new FakeServer(
            (200, Batch), (200, """{"result":["","b"],"error":null,"id":1}"""),
            (200, """{"result":{"mine":{"trusted":500.00000000}},"error":null,"id":1}"""),
            (200, """{"result":{"mine":{"trusted":1.00000000}},"error":null,"id":1}"""));
        Assert.Equal(0, await _cli.RunAsync(server, "-getinfo"));
        Assert.Equal(
            """
            Chain: regtest
            Blocks: 101
            Headers: 102
            Verification progress: ▒▒▒▒▒▒▒▒▒▒░░░░░░░░░░ 50.0000%
            Difficulty: 4.656542373906925e-10

            Network: in 1, out 2, total 3, mn_in 0, mn_out 0, mn_total 0
            Version: 230102
            Time offset (s): 0
            Proxies: p:1 (ipv4, ipv6)
            Min tx relay fee rate (DASH/kB): 0.00001000

            Wallet: ""
            CoinJoin balance: 0.00000000
            Keypool size: 1000
            Transaction fee rate (-paytxfee) (DASH/kB): 0.00000000

            Balance: 500.00000000

            Balances
            500.00000000 ""
              1.00000000 b

            Warnings: (none)

            """, _cli.Output);
        Assert.Equal("/wallet/b", server.Requests[3].Path);
    }

    [Fact]
    public async Task Getinfo_without_a_wallet_and_with_colors()
    {
        const string Batch = """
            [{"result":{"version":1,"warnings":"careful"},"error":null,"id":0},{"result":{"chain":"main","verificationprogress":1},"error":null,"id":1},
             {"result":null,"error":{"code":-18,"message":"none"},"id":2},{"result":null,"error":{"code":-18,"message":"none"},"id":3}]
            """;
        await using var server = new FakeServer((200, Batch), (404, """{"result":null,"error":{"code":-32601,"message":"x"},"id":1}"""));
        Assert.Equal(0, await _cli.RunAsync(server, "-getinfo", "-color=always"));
        Assert.StartsWith("\e[34mChain: main\e[0m\nBlocks: \nHeaders: \nVerification progress: 100.0000%\n", _cli.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n\n\e[33mWarnings:\e[0m careful\n", _cli.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Wallet:", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addrinfo_counts_by_network()
    {
        await using var server = new FakeServer((200, """{"result":[{"network":"ipv4"},{"network":"onion"},{"network":"ipv4"}],"error":null,"id":1}"""));
        Assert.Equal(0, await _cli.RunAsync(server, "-addrinfo"));
        Assert.Equal(
            "{\n  \"addresses_known\": {\n    \"ipv4\": 2,\n    \"ipv6\": 0,\n    \"onion\": 1,\n    \"i2p\": 0,\n    \"cjdns\": 0,\n    \"total\": 3\n  }\n}\n",
            _cli.Output);
    }

    [Fact]
    public async Task Netinfo_shows_peers_and_their_counts()
    {
        const string Peers =
            """
            [{"id":0,"addr":"1.2.3.4:9999","network":"ipv4","relaytxes":true,"lastsend":0,"lastrecv":0,"last_transaction":0,"last_block":0,"conntime":0,
            "pingtime":0.0125,"minping":0.002,"version":70240,"subver":"/Dash Core:23.1.2/","inbound":false,"bip152_hb_to":true,"bip152_hb_from":true,
            "addr_relay_enabled":true,"addr_processed":7,"addr_rate_limited":0,"connection_type":"manual","transport_protocol_type":"v2"},
            {"id":12,"addr":"[::1]:1","network":"not_publicly_routable","relaytxes":false,"lastsend":0,"lastrecv":0,"last_transaction":0,"last_block":0,
            "conntime":0,"version":70240,"subver":"","inbound":true,"bip152_hb_to":false,"bip152_hb_from":false,"addr_relay_enabled":false,
            "addr_processed":0,"addr_rate_limited":0,"connection_type":"inbound","transport_protocol_type":"v1"}]
            """;
        const string Network =
            """
            {"version":230102,"protocolversion":70240,"subversion":"/Dash Core:23.1.2/","networks":[{"name":"ipv4","reachable":true},
            {"name":"onion","reachable":false}],"localaddresses":[{"address":"9.8.7.6","port":9999,"score":4}]}
            """;
        var reply = $"[{{\"result\":{Peers},\"error\":null,\"id\":0}},{{\"result\":{Network},\"error\":null,\"id\":1}}]";
        await using var server = new FakeServer((200, reply));
        Assert.Equal(0, await _cli.RunAsync(server, "-netinfo", "4"));
        var lines = _cli.Output.Split('\n');
        Assert.Matches("^Dash Core client v.* regtest - server 70240/Dash Core:23.1.2/$", lines[0]);
        Assert.Equal(
            [
                "",
                "<->   type   net  v  mping   ping send recv  txn  blk  hb addrp addrl  age id address      version",
                " in          npr  1                            *              .            12 [::1]:1      70240",
                "out manual  ipv4  2      2     13                      .*     7             0 1.2.3.4:9999 70240/Dash Core:23.1.2/",
                "                        ms     ms  sec  sec  min  min                  min",
                "",
                "         ipv4     npr   total   block  manual",
                "in          0       1       1",
                "out         1       0       1       0       1",
                "total       1       1       2",
                "",
                "Local addresses",
                "9.8.7.6     port   9999    score      4",
                "",
            ],
            lines[1..]);
    }

    [Theory]
    [InlineData("x", "error: invalid -netinfo argument: x\nFor more information, run: dash-cli -netinfo help\n")]
    [InlineData("256", "error: invalid -netinfo argument: 256\nFor more information, run: dash-cli -netinfo help\n")]
    public async Task A_level_of_netinfo_is_a_small_number(string level, string error)
    {
        Assert.Equal(1, await _cli.RunAsync("-regtest", "-netinfo", level));
        Assert.Equal(error, _cli.Error);
    }

    [Theory]
    [InlineData("-nonsense", "Error parsing command line arguments: Invalid parameter -nonsense\n")]
    [InlineData("-includeconf=x", "Error parsing command line arguments: Invalid parameter -includeconf=x\n")]
    [InlineData("-testnet", "Error: Only one of -regtest, -testnet, -devnet or -chain can be used.\n")]
    public async Task Bad_options_end_with_1(string arg, string error)
    {
        Assert.Equal(1, await _cli.RunAsync("-regtest", arg, "getblockcount"));
        Assert.Equal(error, _cli.Error);
    }

    [Fact]
    public async Task Version_and_help_need_no_server()
    {
        Assert.Equal(0, await _cli.RunAsync("-version"));
        Assert.StartsWith("Dash Core RPC client version v", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("-help"));
        Assert.Contains("\nOptions:\n\n", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("\n  -rpcwallet=<walletname>\n", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_command_the_user_is_told()
    {
        Assert.Equal(1, await _cli.RunAsync("-regtest"));
        Assert.Equal("error: too few parameters (need at least command)\n", _cli.Error);
    }
}
