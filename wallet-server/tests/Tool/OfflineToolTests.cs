using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Tool;

namespace Dash.WalletServer.Tests.Tool;

/// <summary>The offline tool on files of its own.</summary>
public sealed class OfflineToolTests : IDisposable
{
    private readonly Scenario.TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_wallet_that_is_made_says_what_it_is()
    {
        var (code, output, errors) = Run("-wallet=w", "create");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal("Topping up keypool...\n" + Info("w", keypool: 2000), output);

        var before = File.ReadAllBytes(WalletFile("w"));
        Assert.Equal((0, Info("w", keypool: 2000), ""), Run("-wallet=w", "info"));
        Assert.Equal(before, File.ReadAllBytes(WalletFile("w")));
    }

    [Fact]
    public void Records_go_out_as_text_and_come_back_the_same()
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        var again = _temp.File("again.dump");

        Assert.Equal(0, Run("-wallet=w", "-dumpfile=" + dump, "dump").Code);
        Assert.Equal((0, "", ""), Run("-wallet=copy", "-dumpfile=" + dump, "createfromdump"));
        Assert.Equal(0, Run("-wallet=copy", "-dumpfile=" + again, "dump").Code);

        Assert.StartsWith("BITCOIN_CORE_WALLET_DUMP,1\nformat,sqlite\n", File.ReadAllText(dump), StringComparison.Ordinal);
        Assert.Equal(File.ReadLines(dump).SkipLast(1).Order(), File.ReadLines(again).SkipLast(1).Order());
        Assert.Equal(Info("copy", keypool: 2000), Run("-wallet=copy", "info").Output);
    }

    [Fact]
    public void A_dump_that_was_changed_makes_no_wallet()
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        var lines = File.ReadAllLines(dump);

        Refused("Error: Missing checksum", [.. lines.SkipLast(1)]);
        Refused("Error: Checksum is not the correct size", [.. lines.SkipLast(1), "checksum,1111"]);
        Refused("Error: Dumpfile checksum does not match.", [.. lines.SkipLast(1), "checksum," + new string('1', 64)]);
        Refused("Error: Dumpfile identifier record is incorrect.", ["other,1", .. lines.Skip(1)]);
        Refused("Error: Dumpfile version is not supported.", ["BITCOIN_CORE_WALLET_DUMP,2", .. lines.Skip(1)]);
        Refused("Error: Got key that was not hex: xx", [lines[0], lines[1], "xx,00"]);

        void Refused(string error, string[] content)
        {
            var bad = _temp.File("bad.dump");
            File.WriteAllText(bad, string.Join('\n', content) + "\n");
            var (code, _, errors) = Run("-wallet=bad", "-dumpfile=" + bad, "createfromdump");
            Assert.Equal(1, code);
            Assert.StartsWith(error, errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.GetDirectoryName(WalletFile("bad"))));
        }
    }

    [Theory]
    [InlineData("Error parsing command line arguments: Invalid command 'foo'", "foo")]
    [InlineData("Error: Additional arguments provided (create). Methods do not take arguments. Please refer to `-help`.", "info", "create")]
    [InlineData("Wallet name must be provided when creating a new wallet.", "create")]
    [InlineData("The -descriptors option can only be used with the 'create' command.", "-descriptors", "info")]
    [InlineData("The -format option can only be used with the \"createfromdump\" command.", "-format=sqlite", "info")]
    [InlineData("Only one of -legacy or -descriptors can be set to true, not both", "-wallet=x", "-legacy", "-descriptors", "create")]
    public void What_does_not_fit_is_said(string error, params string[] args) => Assert.Equal((1, "", error + "\n"), Run(args));

    [Fact]
    public void Salvage_is_refused_without_an_end_of_line() =>
        Assert.Equal((1, "", "Salvage command is not available as BDB support is not compiled"), Run("salvage"));

    [Fact]
    public void A_file_with_spoilt_pages_is_named_as_such()
    {
        Run("-wallet=w", "create");
        var file = File.ReadAllBytes(WalletFile("w"));
        file.AsSpan(4096, 4096).Fill(0xff);
        File.WriteAllBytes(WalletFile("w"), file);

        const string Malformed = "SQLiteDatabase: Failed to execute statement to verify database: database disk image is malformed\n";
        Assert.Equal((1, "", Malformed), Run("-wallet=w", "info"));
        Assert.Equal((1, "", Malformed), Run("-wallet=w", "-dumpfile=" + _temp.File("w.dump"), "dump"));
        Assert.Equal((1, "", Malformed), Run("-wallet=w", "wipetxes"));
    }

    [Fact]
    public void A_file_cut_short_or_of_a_later_kind_is_refused()
    {
        Run("-wallet=w", "create");
        var file = File.ReadAllBytes(WalletFile("w"));
        File.WriteAllBytes(WalletFile("w"), file[..8192]);
        Assert.Equal((1, "", Storage.WalletDatabase.NoLock + "\n"), Run("-wallet=w", "info"));

        file[63] = 5; // the last byte of user_version
        File.WriteAllBytes(WalletFile("w"), file);
        Assert.Equal((1, "", "SQLiteDatabase: Unknown sqlite wallet schema version 5. Only version 0 is supported\n"), Run("-wallet=w", "info"));
    }

    [Theory]
    [InlineData("027478" + "1111111111111111111111111111111111111111111111111111111111111111", "00", 1)]
    [InlineData("04776b657901", "01", 0)]
    [InlineData("0c6f72646572706f736e657874", "01", 0)]
    public void A_record_that_cannot_be_read_is_said_beside_what_can(string key, string value, int transactions)
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        var body = string.Concat(File.ReadLines(dump).SkipLast(1).Append($"{key},{value}").Select(static line => line + "\n"));
        var checksum = Hex.Encode(Hashes.Sha256d(System.Text.Encoding.ASCII.GetBytes(body)).ToArray());
        File.WriteAllText(dump, $"{body}checksum,{checksum}\n");
        Assert.Equal((0, "", ""), Run("-wallet=bad", "-dumpfile=" + dump, "createfromdump"));

        Assert.Equal(
            (0, Info("bad", keypool: 2000).Replace("Transactions: 0", $"Transactions: {transactions}", StringComparison.Ordinal),
                "Error reading bad! All keys read correctly, but transaction data or address book entries might be missing or incorrect."),
            Run("-wallet=bad", "info"));
    }

    [Theory]
    [InlineData("0776657273696f6e")]
    [InlineData("1262657374626c6f636b5f6e6f6d65726b6c65")]
    public void Nothing_is_said_of_a_version_or_place_that_cannot_be_read(string key)
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        var body = string.Concat(File.ReadLines(dump).SkipLast(1).Append($"{key},00").Select(static line => line + "\n"));
        File.WriteAllText(dump, $"{body}checksum,{Hex.Encode(Hashes.Sha256d(System.Text.Encoding.ASCII.GetBytes(body)).ToArray())}\n");
        Assert.Equal((0, "", ""), Run("-wallet=odd", "-dumpfile=" + dump, "createfromdump"));

        Assert.Equal((0, Info("odd", keypool: 2000), ""), Run("-wallet=odd", "info"));
    }

    [Fact]
    public void A_wallet_that_is_not_there_is_named()
    {
        var path = Path.GetDirectoryName(WalletFile("none"));
        Assert.Equal((1, "", $"Failed to load database path '{path}'. Path does not exist.\n"), Run("-wallet=none", "info"));
    }

    private static string Info(string name, int keypool) =>
        $"Wallet info\n===========\nName: {name}\nFormat: sqlite\nDescriptors: yes\nEncrypted: no\n"
        + $"HD (hd seed available): yes\nKeypool Size: {keypool}\nTransactions: 0\nAddress Book: 0\n";

    private string WalletFile(string name) => Path.Combine(_temp.Path, "regtest", name, "wallet.dat");

    private (int Code, string Output, string Errors) Run(params string[] args)
    {
        Directory.CreateDirectory(Path.Combine(_temp.Path, "regtest"));
        using StringWriter output = new();
        using StringWriter errors = new();
        var code = OfflineTool.Run([$"-datadir={_temp.Path}", "-regtest", .. args], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
