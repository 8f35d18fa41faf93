using System.Buffers.Binary;
using System.Text;

namespace Dash.Functional.Framework;

/// <summary>Situations of the offline tool, by what is odd in them. Differences are those that docs/wallet.md lists.</summary>
public static class ToolSituations
{
    private const string Unread = "records of wallets without descriptors stay unread";
    private const string Crash = "Dash Core's ends by an assertion or a crash";
    private const string OwnWords = "help and version in words of our own";
    private const string Pages = "what SQLite says of spoilt pages is in the words of its version";
    private const string Wiping = "Dash Core without Berkeley DB refuses wipetxes";
    private const string Completed = "Dash Core's writes what it completes while loading";

    private static readonly string[] Commands = ["info", "create", "dump", "createfromdump", "salvage", "wipetxes"];

    /// <summary>Options and words, with a data directory named and without.</summary>
    public static IEnumerable<ToolSituation> CommandLines()
    {
        string[] lines =
        [
            "", "-help", "-?", "-h", "-version", "--version", "-version=0", "-help=0", "-nohelp", "-help foo", "-version foo",
            "info", "info info", "info a b", "foo", "foo -wallet=w", "help", "-foo info", "-wallet", "-wallet info", "-wallet= info",
            "-regtest", "-datadir=/nonexistent info", "-regtest -testnet info", "-chain=foo info", "-chain=regtest -datadir={dir} -wallet=plain info",
            "-devnet -wallet=w info", "-devnet=x -wallet=w info", "info -wallet=plain", "-wallet=plain info -foo", "-nowallet info", "-wallet=0 info",
            "-server=0 info", "-- info", "- info", "-dumpfile= dump", "-nodumpfile dump", "-nodumpfile info", "-format info", "-noformat info",
            "-format= info", "-descriptors=0 info", "-nodescriptors info", "-nolegacy info", "-legacy=0 dump", "-debug -wallet=plain info",
            "-regtest=0 info", "-signet info", "-conf=/x info", "-keypool=5 info", "-walletdir={dir} info", "-printtoconsole=0 info", "-WALLET=plain info",
            "wallet=plain info", "-datadir info", "-datadir= info", "-nodatadir info", "-usehd=x -wallet=n1 create", "create", "-wallet create",
            "-wallet= create", "-unsafesqlitesync -wallet=plain info", "-privdb info", "-dblogsize=1 info", "-wallet=none -wallet=plain info",
        ];
        foreach (var line in lines)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isHelp = words.Length == 0 || (words.Length == 1 && words.Any(static word => word.StartsWith("-help", StringComparison.Ordinal)
                || word.StartsWith("-version", StringComparison.Ordinal) || word is "-?" or "-h" or "--version" or "-nohelp"));
            yield return new($"alone: {line}", static _ => { }, words, isHelp ? OwnWords : null);
            yield return new($"in a directory: {line}", static directory => directory.Copy("plain"), ["-datadir={dir}", "-regtest", .. words],
                isHelp && words.Length > 0 ? OwnWords : null);
        }
    }

    /// <summary>Names of wallets: with parts of paths, of files, too long.</summary>
    public static IEnumerable<ToolSituation> Names(string command)
    {
        foreach (var name in (string[])[
            "plain", "encrypted", "watch", "small", "nope", "", "./small", "small/", "small//", "sub/small", "../wallets/small", "../outside",
            "{dir}/regtest/wallets/small", "{dir}/elsewhere", "small/wallet.dat", ".", "..", "a b", "ü", "wallet.dat", new string('x', 300), "~", "a\nb"])
        {
            yield return Of(command, $"{command} of {name}", static directory =>
            {
                foreach (var wallet in (string[])["plain", "encrypted", "watch", "small"]) directory.Copy(wallet);
                foreach (var copy in (string[])["sub/small", "a b", "ü", "../outside"]) directory.Copy("small", copy);
            }, name);
        }

        yield return Of(command, $"{command} of no name", static _ => { }, null);
        yield return Of(command, $"{command} of the unnamed wallet", static directory => directory.CopyFile("small", directory.Data(".")), "");
        yield return Of(command, $"{command} without a name where there is one", static directory => directory.CopyFile("small", directory.Data(".")), null);
        yield return Of(command, $"{command} without a directory of wallets", static directory => Directory.Delete(directory.Wallets));
        yield return Of(command, $"{command} without a directory of the network", static directory => Directory.Delete(directory.File("regtest"), recursive: true));
    }

    /// <summary>What may be in the place of a wallet.</summary>
    public static IEnumerable<ToolSituation> Files(string command)
    {
        var berkeley = new byte[8192];
        BinaryPrimitives.WriteUInt32LittleEndian(berkeley.AsSpan(12), 0x53162);
        var makes = command is "create" or "createfromdump";
        (string Name, Action<ToolDirectory> Prepare, string? Difference)[] kinds =
        [
            ("an empty directory", static directory => directory.Make(), null),
            ("an empty file", static directory => directory.Make([]), makes ? "an empty file that becomes a wallet gets its owner's mode" : null),
            ("a text", static directory => directory.Make(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("not a wallet ", 100)))), null),
            ("a Berkeley DB file", directory => directory.Make(berkeley), null),
            ("a file of the name", static directory => File.WriteAllText(directory.Wallet("w"), new string('x', 600)), null),
            ("a Berkeley DB file of the name", directory => File.WriteAllBytes(directory.Wallet("w"), berkeley), null),
            ("an SQLite file of the name", static directory => directory.CopyFile("small", directory.Wallet("w")), null),
            ("a directory wallet.dat", static directory => Directory.CreateDirectory(directory.Data("w")), null),
            ("a link to a wallet", static directory => { directory.Copy("small"); File.CreateSymbolicLink(directory.Wallet("w"), "small"); }, null),
            ("a link to nothing", static directory => File.CreateSymbolicLink(directory.Wallet("w"), "nowhere"), null),
            ("a link to a file", static directory => { directory.Copy("small"); directory.Make(); File.CreateSymbolicLink(directory.Data("w"), "../small/wallet.dat"); }, null),
            ("a wallet of mainnet", static directory => directory.CopyPatched(68, [0xbf, 0x0c, 0x6b, 0xbd]), null),
            ("a later version", static directory => directory.CopyPatched(60, [0, 0, 0, 5]), null),
            ("a spoilt page", static directory => directory.CopyPatched(4096, [.. Enumerable.Repeat((byte)0xff, 4096)]), null),
            ("a spoilt page further on", static directory => directory.CopyPatched(4096 * 30, [.. Enumerable.Repeat((byte)0xff, 4096)]), null),
            ("511 bytes of one", static directory => directory.CopyCut(511), null),
            ("512 bytes of one", static directory => directory.CopyCut(512), null),
            ("a page of one", static directory => directory.CopyCut(4096), null),
            ("two pages of one", static directory => directory.CopyCut(8192), null),
            ("two pages and a byte of one", static directory => directory.CopyCut(8193), makes || command is "salvage" or "wipetxes" ? null : Pages),
        ];
        foreach (var (name, prepare, difference) in kinds)
        {
            yield return Of(command, $"{command} of {name}", prepare) is var one && difference is null ? one : one with { Difference = difference };
        }
    }

    /// <summary>The kinds of wallets there may be made, and other networks.</summary>
    public static IEnumerable<ToolSituation> Creations()
    {
        // Not -legacy alone, which is refused here: Dash Core's takes minutes to make such a wallet.
        foreach (var options in (string[])[
            "-legacy -descriptors", "-legacy=0 -descriptors=0", "-descriptors=0", "-descriptors", "-legacy=0", "-usehd=0", "-usehd", "-nolegacy", "-format=sqlite",
            "-dumpfile=x", "-debug", "-printtoconsole"])
        {
            yield return new($"create {options}", static _ => { }, ["-datadir={dir}", "-regtest", "-wallet=w", .. options.Split(' '), "create"]);
        }

        foreach (var network in (string[])["-testnet", "-devnet=foo", "-chain=main", "-chain=test", "-chain=devnet", "-chain=regtest"])
        {
            yield return new($"create {network}", static _ => { }, ["-datadir={dir}", network, "-wallet=w", "create"]);
        }

        yield return new("dash.conf counts for nothing", static directory =>
        {
            File.WriteAllText(directory.File("dash.conf"), "regtest=1\nwallet=small\n");
            directory.Copy("small");
        }, ["-datadir={dir}", "info"]);
        yield return new("-walletdir of dash.conf counts for nothing", static directory =>
        {
            File.WriteAllText(directory.File("dash.conf"), $"regtest=1\n[regtest]\nwalletdir={directory.File("other")}\n");
            directory.Copy("small", "../../other/small");
        }, ["-datadir={dir}", "-regtest", "-wallet=small", "info"]);
        yield return new("home", static directory => directory.Copy("small", "../../home/.dashcore/regtest/wallets/small"), ["-regtest", "-wallet=small", "info"]);
        yield return new("no home", static _ => { }, ["-regtest", "-wallet=small", "info"]);
        yield return new("no home yet", static _ => { }, ["-regtest", "-wallet=small", "create"]);
    }

    /// <summary>Files that a dump goes to or comes from.</summary>
    public static IEnumerable<ToolSituation> DumpFiles()
    {
        foreach (var path in (string[])["/nonexistent/x", "{dir}", "{dir}/no/dir/x", "rel.dump", "./a/../rel.dump", "", "/dev/null", "{dir}/ü.dump"])
        {
            yield return new($"dump to {path}", static directory => directory.Copy("small"), ["-datadir={dir}", "-regtest", "-wallet=small", $"-dumpfile={path}", "dump"],
                path.Contains("..", StringComparison.Ordinal) ? "a path with .. is resolved as text" : null);
            yield return new($"from {path}", static _ => { }, ["-datadir={dir}", "-regtest", "-wallet=w", $"-dumpfile={path}", "createfromdump"]);
        }

        yield return new("dump to nothing", static directory => directory.Copy("small"), ["-datadir={dir}", "-regtest", "-wallet=small", "dump"]);
        yield return new("dump of nothing to nothing", static _ => { }, ["-datadir={dir}", "-regtest", "-wallet=none", "dump"]);
        yield return new("from nothing", static _ => { }, ["-datadir={dir}", "-regtest", "-wallet=w", "createfromdump"]);
        yield return Of("dump", "dump onto a file", static directory => { directory.Copy("small", "w"); File.WriteAllText(directory.File("o.dump"), "x"); });
        yield return Of("dump", "dump of nothing onto a file", static directory => File.WriteAllText(directory.File("o.dump"), "x"));
        yield return new("two dump files", static directory => directory.Copy("small"),
            ["-datadir={dir}", "-regtest", "-wallet=small", "-dumpfile={dir}/a.dump", "-dumpfile={dir}/b.dump", "dump"]);
    }

    /// <summary>What a dump may hold.</summary>
    public static IEnumerable<ToolSituation> Dumps()
    {
        foreach (var wallet in (string[])["small", "plain", "encrypted", "watch"])
        {
            yield return From($"the dump of {wallet}", directory => directory.Dump(wallet));
        }

        foreach (var format in (string[])["sqlite", "bdb", "", "foo", "SQLITE"])
        {
            yield return From($"a dump as {format}", static directory => directory.Dump("small"), "-format=" + format);
            yield return From($"a dump of {format}", directory => directory.Dump("small", body => body.Replace("format,sqlite", "format," + format, StringComparison.Ordinal)));
            yield return From($"a dump of {format} as sqlite",
                directory => directory.Dump("small", body => body.Replace("format,sqlite", "format," + format, StringComparison.Ordinal)), "-format=sqlite");
        }

        foreach (var version in (string[])["2", "", "x", "-1", "+1", " 1", "01", "1 ", "4294967296", "1\r"])
        {
            yield return From($"version '{version}'", directory => directory.Dump("small", body => body.Replace("DUMP,1", "DUMP," + version, StringComparison.Ordinal)));
        }

        foreach (var line in (string[])["xx,00", "abc,00", "00,zz", ",00", "00,", "0011", "", "00\0,00", "\u00c3\u00a9,00", "\u00ff\u00fe,00", "0666757475726501,00\n0666757475726501,01"])
        {
            yield return From($"a line '{line}'", directory => directory.Dump("small", body => body + line + "\n"));
        }

        foreach (var checksum in (string[])["", "11", new string('1', 64), new string('0', 64), string.Concat(Enumerable.Repeat("zz", 32)), new string('1', 63), new string('1', 66), " " + new string('1', 64)])
        {
            yield return From($"checksum '{checksum}'", directory => directory.RawDump(text => Head(text) + "checksum," + checksum + "\n"));
        }

        yield return From("no format", static directory => directory.Dump("small", static body => body.Replace("format,sqlite\n", "", StringComparison.Ordinal)));
        yield return From("another magic", static directory => directory.Dump("small", static body => body.Replace("BITCOIN", "DASH", StringComparison.Ordinal)));
        yield return From("an empty file", static directory => directory.RawDump(static _ => ""));
        yield return From("one line", static directory => directory.RawDump(static _ => "BITCOIN_CORE_WALLET_DUMP,1\n"));
        yield return From("two lines", static directory => directory.RawDump(static _ => "BITCOIN_CORE_WALLET_DUMP,1\nformat,sqlite\n"));
        yield return From("no records", static directory => directory.Dump("small", static _ => "BITCOIN_CORE_WALLET_DUMP,1\nformat,sqlite\n")) with { Difference = Completed };
        yield return From("lines of another system", static directory => directory.RawDump(static text => text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        yield return From("no end of line", static directory => directory.RawDump(static text => text.TrimEnd('\n')));
        yield return From("large letters", static directory => directory.Dump("small", static body =>
            string.Concat(body.TrimEnd('\n').Split('\n').Select(static (line, at) => (at > 1 ? line.ToUpperInvariant() : line) + "\n"))));
        yield return From("a line twice", static directory => directory.Dump("small", static body => body + body.Split('\n')[5] + "\n"));
        yield return From("no checksum", static directory => directory.RawDump(Head));
        yield return From("a line after the checksum", static directory => directory.RawDump(static text => text + "00,zz\n"));
        yield return From("a checksum in large letters", static directory => directory.RawDump(static text => Head(text) + "checksum," + text[^65..].ToUpperInvariant()));
        yield return From("the checksum first", static directory => directory.RawDump(static text => "BITCOIN_CORE_WALLET_DUMP,1\nformat,sqlite\n" + text[Head(text).Length..]));
        yield return From("a bad dump into an empty directory", static directory => { directory.Make(); directory.RawDump(static text => text.Replace("DUMP,1", "DUMP,2", StringComparison.Ordinal)); });
        yield return From("a bad checksum into an empty directory", static directory => { directory.Make(); directory.RawDump(static text => text[..^3] + "00\n"); });
        yield return From("a directory with another file", static directory => { directory.Make(); File.WriteAllText(Path.Combine(directory.Wallet("w"), "note"), "mine"); directory.Dump("small"); });
        yield return From("a bad checksum into a directory with another file", static directory =>
        {
            directory.Make();
            File.WriteAllText(Path.Combine(directory.Wallet("w"), "note"), "mine");
            directory.RawDump(static text => Head(text) + "checksum," + new string('1', 64) + "\n");
        }) with { Difference = "what was in the directory before stays" };
        yield return From("-usehd", static directory => directory.Dump("small"), "-usehd");
        yield return From("-legacy", static directory => directory.Dump("small"), "-legacy");
    }

    /// <summary>Records that are odd or cannot be read.</summary>
    public static IEnumerable<ToolSituation> Records()
    {
        byte[] ones = [.. Enumerable.Repeat((byte)1, 32)];
        byte[] pubkey = [0x21, .. Enumerable.Repeat((byte)2, 33)];
        var address = Named("yVg3NBUHNEhgDceqwVUjsZHreC5PBHnUo9");
        (string Name, byte[] Key, byte[] Value, string? Difference)[] records =
        [
            ("an unknown record", Named("future", 1), [0xbe, 0xef], null),
            ("a later minversion", Named("minversion"), [.. Int(999_999)], null),
            ("a short minversion", Named("minversion"), [1], null),
            ("a short version", Named("version"), [1], null),
            ("a later version", Named("version"), [.. Int(99_999_999)], null),
            ("high flags", Named("flags"), [.. Flags((1UL << 34) | (1UL << 60))], null),
            ("low flags", Named("flags"), [.. Flags((1UL << 34) | (1UL << 20))], null),
            ("short flags", Named("flags"), [1], Crash),
            ("flags of a blank one", Named("flags"), [.. Flags((1UL << 34) | (1UL << 33))], null),
            ("flags of one without keys", Named("flags"), [.. Flags((1UL << 34) | (1UL << 32))], null),
            ("a bad mkey", Named("mkey", Int(1)), [1], null),
            ("a wkey", Named("wkey", pubkey), [0], null),
            ("a key", Named("key", pubkey), [0], Unread),
            ("a ckey", Named("ckey", pubkey), [0], Crash),
            ("a bad defaultkey", Named("defaultkey"), [0], Unread),
            ("a defaultkey", Named("defaultkey"), pubkey, null),
            ("a bad keymeta", Named("keymeta", pubkey), [0], Unread),
            ("a bad pool", Named("pool", Int(1), Int(0)), [0], Unread),
            ("a bad cscript", Named("cscript", [.. ones[..20]]), [0xfd], Unread),
            ("a bad hdchain", Named("hdchain"), [1], Unread),
            ("a bad chdchain", Named("chdchain"), [1], Unread),
            ("a bad hdpubkey", Named("hdpubkey"), [1], Unread),
            ("a script that is watched", Named("watchs", 1, 0x51), [0x31], Crash),
            ("a bad watchs", Named("watchs"), [0x31], Unread),
            ("a bad watchmeta", Named("watchmeta", 1, 0x51), [0], Unread),
            ("a bad name", Named("name"), [0], null),
            ("a name of no address", Named("name", Named("abc")), [1, (byte)'x'], null),
            ("a name", Named("name", address), Named("abc"), null),
            ("a bad purpose", Named("purpose", Named("abc")), [5], null),
            ("a bad destdata", Named("destdata", Named("abc")), [5], null),
            ("a destdata", Named("destdata", address, Named("used")), Named("1"), null),
            ("a bad tx", Named("tx", ones), [0], null),
            ("a tx of a short key", Named("tx", 1), [0], null),
            ("a bad orderposnext", Named("orderposnext"), [1], null),
            ("a bad bestblock", Named("bestblock"), [1], null),
            ("a bad bestblock_nomerkle", Named("bestblock_nomerkle"), [0], null),
            ("a bad lockedutxo", Named("lockedutxo", 1), [0x31], null),
            ("a lockedutxo", Named("lockedutxo", ones, Int(0)), [0x31], null),
            ("a bad cj_salt", Named("cj_salt"), [1], null),
            ("a ps_salt", Named("ps_salt"), ones, null),
            ("a cj_salt of zeros", Named("cj_salt"), new byte[32], null),
            ("a bad g_object", Named("g_object", ones), [0], null),
            ("a bad walletdescriptor", Named("walletdescriptor", ones), [0], null),
            ("a walletdescriptor that is none", Named("walletdescriptor", ones), [.. Named("abc"), .. new byte[20]],
                "a descriptor that cannot be understood is refused"),
            ("a bad walletdescriptorkey", Named("walletdescriptorkey", ones, pubkey), [0], null),
            ("a walletdescriptorkey of no key", Named("walletdescriptorkey", ones, Named("abcde")), [0], null),
            ("a bad walletdescriptorckey", Named("walletdescriptorckey", ones, pubkey), [0], Crash),
            ("a bad cache", Named("walletdescriptorcache", ones, Int(0)), [2, 0x61, 0x62], Crash),
            ("a cache of a short key", Named("walletdescriptorcache", ones), [0], null),
            ("a bad hardened cache", Named("walletdescriptorlhcache", ones, Int(0)), [2, 0x61, 0x62], Crash),
            ("an unknown active descriptor", Named("activeexternalspk"), ones, Crash),
            ("an unknown active descriptor for change", Named("activeinternalspk"), [.. Enumerable.Repeat((byte)7, 32)], Crash),
            ("a short active descriptor", Named("activeexternalspk"), [1], null),
            ("an acentry", Named("acentry", Named("a")), [0], null),
            ("settings", Named("settings"), [0], null),
        ];
        foreach (var (name, key, value, difference) in records)
        {
            yield return new($"info beside {name}", directory => directory.CopyWithRecord(key, value), ["-datadir={dir}", "-regtest", "-wallet=w", "info"], difference);
            yield return new($"dump beside {name}", directory => directory.CopyWithRecord(key, value),
                ["-datadir={dir}", "-regtest", "-wallet=w", "-dumpfile={dir}/o.dump", "dump"]);
        }
    }

    private static string Head(string text) => text[..text.LastIndexOf("checksum,", StringComparison.Ordinal)];

    private static ToolSituation Of(string command, string what, Action<ToolDirectory> prepare, string? name = "w")
    {
        string[] wallet = name is null ? [] : ["-wallet=" + name];
        string[] dump = command switch
        {
            "dump" => ["-dumpfile={dir}/o.dump"],
            "createfromdump" => ["-dumpfile={dir}/in.dump"],
            _ => [],
        };
        return new(what, directory =>
        {
            prepare(directory);
            if (command == "createfromdump") directory.Dump("small");
        }, ["-datadir={dir}", "-regtest", .. wallet, .. dump, command], command == "wipetxes" ? Wiping : null);
    }

    private static ToolSituation From(string what, Action<ToolDirectory> prepare, params string[] options) =>
        new("from " + what, prepare, ["-datadir={dir}", "-regtest", "-wallet=w", "-dumpfile={dir}/in.dump", .. options, "createfromdump"]);

    private static byte[] Named(string name, params byte[] rest) => [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. rest];

    private static byte[] Named(string name, byte[] first, byte[] rest) => Named(name, [.. first, .. rest]);

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Flags(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
