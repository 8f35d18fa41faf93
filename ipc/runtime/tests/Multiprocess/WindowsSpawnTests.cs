using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

/// <summary>What of starting children on Windows can be held to its rules elsewhere; nothing here has run on Windows.</summary>
public sealed class WindowsSpawnTests
{
    [Theory]
    [InlineData("\"C:\\p q.exe\" -server", "-server")]
    [InlineData("\"C:\\p q.exe\" \"\"", "")]
    [InlineData("\"C:\\p q.exe\" \"-datadir=C:\\my dir\"", "-datadir=C:\\my dir")]
    [InlineData("\"C:\\p q.exe\" \"ends in one\\\\\"", "ends in one\\")]
    [InlineData("\"C:\\p q.exe\" C:\\dir\\", "C:\\dir\\")]
    [InlineData("\"C:\\p q.exe\" \"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("\"C:\\p q.exe\" \"a\\\\\\\"b\"", "a\\\"b")]
    public void Arguments_are_quoted_where_they_must_be(string expected, params string[] arguments)
    {
        Assert.Equal(expected, WindowsCommandLine.Of("C:\\p q.exe", arguments));
        Assert.Equal(["C:\\p q.exe", .. arguments], Split(expected));
    }

    [Fact]
    public void Any_arguments_come_out_as_they_went_in()
    {
        var random = new Random(1);
        const string Letters = "ab \t\"\\\\\"\n=";
        for (var round = 0; round < 20_000; round++)
        {
            string[] arguments =
            [
                .. Enumerable.Range(0, random.Next(4)).Select(_ => string.Concat(
                    Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)]))),
            ];
            Assert.Equal(["p", .. arguments], Split(WindowsCommandLine.Of("p", arguments)));
        }
    }

    [Fact]
    public void What_no_line_can_say_is_refused()
    {
        Assert.Throws<ArgumentException>(() => WindowsCommandLine.Of("a\"b", []));
        Assert.Throws<ArgumentException>(() => WindowsCommandLine.Of("p", ["a\0b"]));
    }

#pragma warning disable CA1416 // sizes and offsets are the same everywhere
    [Fact]
    public void Structures_have_the_sizes_and_places_of_the_system()
    {
        Assert.SkipUnless(Environment.Is64BitProcess, "The numbers are those of 64 bits.");
        Assert.Equal(104, Marshal.SizeOf<WindowsSpawn.StartupInfo>());
        Assert.Equal(112, Marshal.SizeOf<WindowsSpawn.StartupInfoEx>());
        Assert.Equal(24, Marshal.SizeOf<WindowsSpawn.ProcessInformation>());
        Assert.Equal(60, Offset("Flags"));
        Assert.Equal(80, Offset("Input"));
        Assert.Equal(88, Offset("Output"));
        Assert.Equal(96, Offset("Error"));
        Assert.Equal(104, (int)Marshal.OffsetOf<WindowsSpawn.StartupInfoEx>("Attributes"));
        Assert.Equal(16, (int)Marshal.OffsetOf<WindowsSpawn.ProcessInformation>("ProcessId"));

        static int Offset(string field) => (int)Marshal.OffsetOf<WindowsSpawn.StartupInfo>(field);
    }

    [Fact]
    public void The_pair_of_sockets_is_connected_to_itself()
    {
        var (ours, theirs) = WindowsProcess.MakePair();
        using (ours)
        using (theirs)
        {
            ours.Send("ping"u8);
            var heard = new byte[4];
            Assert.Equal(4, theirs.Receive(heard));
            Assert.Equal("ping"u8, heard);
            Assert.Equal(ours.LocalEndPoint, theirs.RemoteEndPoint);
        }
    }
#pragma warning restore CA1416

    [Fact]
    public void The_description_of_a_socket_crosses_the_pipe()
    {
        SocketInformation socket = new()
        {
            Options = SocketInformationOptions.Connected, ProtocolInformation = [.. Enumerable.Range(0, 628).Select(i => (byte)i)],
        };
        using MemoryStream pipe = new();
        SocketHandover.Write(pipe, socket);
        Assert.Equal(8 + 628, pipe.Length);
        pipe.Position = 0;
        var read = SocketHandover.Read(pipe);
        Assert.Equal(socket.Options, read.Options);
        Assert.Equal(socket.ProtocolInformation, read.ProtocolInformation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01000000")]
    [InlineData("0100000000000000")]
    [InlineData("01000000ffffffff")]
    [InlineData("0100000000000100aa")]
    [InlineData("0200000004000000aabbcc")]
    public void What_is_no_description_is_refused(string hex)
    {
        using MemoryStream pipe = new(Convert.FromHexString(hex));
        Assert.Throws<FormatException>(() => SocketHandover.Read(pipe));
    }

    // How CommandLineToArgvW and the C library take a line apart, by their documentation.
    private static List<string> Split(string line)
    {
        List<string> arguments = [];
        var end = line.IndexOf('"', 1);
        arguments.Add(line[1..end]); // the program's name, which we always quote
        for (var i = end + 1; i < line.Length;)
        {
            while (i < line.Length && line[i] is ' ' or '\t')
            {
                i++;
            }

            if (i == line.Length)
            {
                break;
            }

            var argument = new StringBuilder();
            var isQuoted = false;
            for (; i < line.Length && (isQuoted || line[i] is not (' ' or '\t')); i++)
            {
                var backslashes = 0;
                while (i < line.Length && line[i] == '\\')
                {
                    backslashes++;
                    i++;
                }

                var atQuote = i < line.Length && line[i] == '"';
                argument.Append('\\', atQuote ? backslashes / 2 : backslashes);
                if (atQuote && backslashes % 2 == 0)
                {
                    isQuoted = !isQuoted;
                }
                else if (i < line.Length && (isQuoted || atQuote || line[i] is not (' ' or '\t')))
                {
                    argument.Append(line[i]);
                }
                else
                {
                    i--; // the blank that ends it
                }
            }

            arguments.Add(argument.ToString());
        }

        return arguments;
    }
}
