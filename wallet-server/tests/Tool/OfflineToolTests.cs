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
    [InlineData("Error parsing command line arguments: Invalid command ''", "", "info")]
    [InlineData("Error parsing command line arguments: Invalid parameter -conf=x", "-conf=x", "info")]
    [InlineData("Error parsing command line arguments: Invalid parameter -walletdir=x", "-walletdir=x", "info")]
    [InlineData("Error parsing command line arguments: Negating of -dumpfile is meaningless and therefore forbidden", "-nodumpfile", "dump")]
    [InlineData("The -dumpfile option can only be used with the \"dump\" and \"createfromdump\" commands.", "-dumpfile=x", "info")]
    [InlineData("The -legacy option can only be used with the 'create' command.", "-legacy=0", "dump")]
    [InlineData("One of -legacy or -descriptors must be set to true (or omitted)", "-wallet=x", "-legacy=0", "create")]
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
        Assert.Equal((1, "", Storage.FileOpening.NoLock + "\n"), Run("-wallet=w", "info"));

        file[63] = 5; // the last byte of user_version
        File.WriteAllBytes(WalletFile("w"), file);
        Assert.Equal((1, "", "SQLiteDatabase: Unknown sqlite wallet schema version 5. Only version 0 is supported\n"), Run("-wallet=w", "info"));
    }

    [Theory]
    [InlineData("027478" + "1111111111111111111111111111111111111111111111111111111111111111", "00", 1)]
    [InlineData("04776b657901", "01", 0)]
    [InlineData("08675f6f626a656374" + "1111111111111111111111111111111111111111111111111111111111111111", "00", 0)]
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
    [InlineData("07636a5f73616c74")]
    [InlineData("1262657374626c6f636b5f6e6f6d65726b6c65")]
    public void Nothing_is_said_of_a_version_place_or_salt_that_cannot_be_read(string key)
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
    public void Two_dumps_are_not_written_to_one_file_and_none_is_read_from_nowhere()
    {
        Run("-wallet=w", "create");
        var taken = _temp.File("taken");
        File.WriteAllText(taken, "mine");
        Assert.Equal((1, "", "No dump file provided. To use dump, -dumpfile=<filename> must be provided.\n"), Run("-wallet=w", "dump"));
        Assert.Equal(
            (1, "", $"File {taken} already exists. If you are sure this is what you want, move it out of the way first.\n"),
            Run("-wallet=w", "-dumpfile=" + taken, "dump"));
        Assert.Equal("mine", File.ReadAllText(taken));
        Assert.Equal((1, "", "Unable to open /nowhere/at/all for writing\n"), Run("-wallet=w", "-dumpfile=/nowhere/at/all", "dump"));

        Assert.Equal((1, "", "No dump file provided. To use createfromdump, -dumpfile=<filename> must be provided.\n"), Run("-wallet=x", "createfromdump"));
        Assert.Equal((1, "", "Dump file /nowhere/at/all does not exist.\n"), Run("-wallet=x", "-dumpfile=/nowhere/at/all", "createfromdump"));
        Assert.Equal(
            (1, "", "Error: Dumpfile identifier record is incorrect. Got \"\", expected \"BITCOIN_CORE_WALLET_DUMP\".\n"),
            Run("-wallet=x", "-dumpfile=" + _temp.Path, "createfromdump"));
    }

    [Theory]
    [InlineData("sqlite", "sqlite", null, null)]
    [InlineData("bdb", "sqlite", "Warning: Dumpfile wallet format \"bdb\" does not match command line specified format \"sqlite\".\n", null)]
    [InlineData("", "sqlite", "Warning: Dumpfile wallet format \"\" does not match command line specified format \"sqlite\".\n", null)]
    [InlineData("", null, null, "No wallet file format provided. To use createfromdump, -format=<format> must be provided.")]
    [InlineData("sqlite", "foo", null, "Unknown wallet file format \"foo\" provided. Please provide one of \"bdb\" or \"sqlite\".")]
    [InlineData("bdb", null, null, "Failed to open database path '{0}'. Build does not support Berkeley DB database format.")]
    public void A_dump_says_what_kind_of_file_it_was(string stored, string? wanted, string? warning, string? refusal)
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        WriteSummed(dump, File.ReadLines(dump).SkipLast(1).Select(line => line == "format,sqlite" ? "format," + stored : line));
        string[] format = wanted is null ? [] : ["-format=" + wanted];

        var (code, output, errors) = Run(["-wallet=copy", "-dumpfile=" + dump, .. format, "createfromdump"]);

        var directory = Path.GetDirectoryName(WalletFile("copy"));
        Assert.Equal(
            (refusal is null ? 0 : 1, warning ?? "", refusal is null ? "" : string.Format(System.Globalization.CultureInfo.InvariantCulture, refusal, directory) + "\n"),
            (code, output, errors));
        Assert.Equal(refusal is null, File.Exists(WalletFile("copy")));
    }

    [Theory]
    [InlineData("+1", null)]
    [InlineData("01", null)]
    [InlineData("-1", "Error: Unable to parse version -1 as a uint32_t")]
    [InlineData("1 ", "Error: Unable to parse version 1  as a uint32_t")]
    [InlineData("4294967296", "Error: Unable to parse version 4294967296 as a uint32_t")]
    public void The_version_of_a_dump_is_a_number(string version, string? refusal)
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        WriteSummed(dump, File.ReadLines(dump).Skip(1).SkipLast(1).Prepend("BITCOIN_CORE_WALLET_DUMP," + version));
        Assert.Equal(
            refusal is null ? (0, "", "") : (1, "", refusal + "\n"), Run("-wallet=copy", "-dumpfile=" + dump, "createfromdump"));
    }

    [Fact]
    public void A_dump_without_an_end_is_given_up()
    {
        Assert.Equal((1, "", "Error: The dump file has a line without an end\n"), Run("-wallet=x", "-dumpfile=/dev/zero", "createfromdump"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(WalletFile("x"))));
    }

    [Fact]
    public void A_key_that_is_no_hex_is_shown_as_the_text_it_is()
    {
        Run("-wallet=w", "create");
        var dump = _temp.File("w.dump");
        Run("-wallet=w", "-dumpfile=" + dump, "dump");
        File.WriteAllText(dump, string.Join('\n', File.ReadLines(dump).SkipLast(1)) + "\né,00\n");
        Assert.Equal((1, "", "Error: Got key that was not hex: é\n"), Run("-wallet=copy", "-dumpfile=" + dump, "createfromdump"));
    }

    [Fact]
    public void What_is_in_the_place_of_a_new_wallet_stays()
    {
        Run("-wallet=good", "create");
        var foreign = File.ReadAllBytes(WalletFile("good"));
        Dash.Primitives.Networks.ChainParams.Main.Magic.Span.CopyTo(foreign.AsSpan(68));
        InTheWay("text", "not a wallet at all"u8.ToArray(), Storage.FileOpening.NoLock + "\n");
        InTheWay("main", foreign, "SQLiteDatabase: Unexpected application id. Expected 4240553948, got 3205262269\n");
        InTheWay("good", File.ReadAllBytes(WalletFile("good")), $"Failed to create database path '{Path.GetDirectoryName(WalletFile("good"))}'. Database already exists.\n");

        File.CreateSymbolicLink(Path.GetDirectoryName(WalletFile("link"))!, "nowhere");
        Assert.Equal(
            (0, "", $"filesystem error: cannot create directories: File exists [{Path.GetDirectoryName(WalletFile("link"))}]\n"), Run("-wallet=link", "create"));

        Directory.CreateDirectory(WalletFile("directory"));
        Assert.Equal((0, "", "SQLiteDatabase: Failed to open database: unable to open database file\n\n"), Run("-wallet=directory", "create"));

        Directory.CreateDirectory(Path.GetDirectoryName(WalletFile("empty"))!);
        File.WriteAllBytes(WalletFile("empty"), []);
        Assert.Equal((0, "Topping up keypool...\n" + Info("empty", keypool: 2000), ""), Run("-wallet=empty", "create"));

        void InTheWay(string name, byte[] content, string error)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(WalletFile(name))!);
            File.WriteAllBytes(WalletFile(name), content);
            Assert.Equal((0, "", error), Run("-wallet=" + name, "create"));
            Assert.Equal(content, File.ReadAllBytes(WalletFile(name)));
            Assert.Equal(["wallet.dat"], Directory.GetFiles(Path.GetDirectoryName(WalletFile(name))!).Select(Path.GetFileName));
        }
    }

    [Theory]
    [InlineData("info")]
    [InlineData("dump")]
    [InlineData("wipetxes")]
    public void A_file_in_use_or_of_another_make_is_refused(string command)
    {
        string[] more = command == "dump" ? ["-dumpfile=" + _temp.File("o.dump")] : [];
        Run("-wallet=w", "create");
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={WalletFile("w")};Pooling=False"))
        {
            other.Open();
            using var take = other.CreateCommand();
            take.CommandText = "PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE";
            take.ExecuteNonQuery();
            Assert.Equal((1, "", Storage.FileOpening.NoLock + "\n"), Run(["-wallet=w", .. more, command]));
        }

        ForeignWrites.Run(WalletFile("w"), "DROP TABLE main; CREATE TABLE main(a, b)");
        Assert.Equal((1, "", "Error loading w. Is wallet being used by another process?\n"), Run(["-wallet=w", .. more, command]));
    }

    [Fact]
    public void A_name_too_long_for_the_disk_is_refused()
    {
        var name = new string('x', 300);
        var path = Path.GetDirectoryName(WalletFile(name));
        var error = $"Failed to access database path '{path}': filesystem error: symlink_status: File name too long [{path}]\n";
        Assert.Equal((1, "", error), Run("-wallet=" + name, "info"));
        Assert.Equal((0, "", error), Run("-wallet=" + name, "create"));
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

    private static void WriteSummed(string dump, IEnumerable<string> lines)
    {
        var body = string.Concat(lines.ToList().Select(static line => line + "\n"));
        File.WriteAllText(dump, $"{body}checksum,{Hex.Encode(Hashes.Sha256d(System.Text.Encoding.ASCII.GetBytes(body)).ToArray())}\n");
    }

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
