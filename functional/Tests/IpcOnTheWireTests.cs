using System.Diagnostics;
using System.Net.Sockets;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class IpcOnTheWireTests
{
    // Two-party RPC: a Bootstrap with question id 0, one segment of five words.
    private const string BootstrapFrame = "00000000050000000000000001000100080000000000000000000000010001000000000000000000" + "0000000000000000";

    [Fact]
    public async Task The_reference_compilers_tool_decodes_the_nodes_frames()
    {
        var capnp = new[] { "/usr/bin/capnp", "/usr/local/bin/capnp" }.FirstOrDefault(File.Exists);
        if (capnp is null) Assert.Skip("the capnp tool is not installed (Debian package capnproto)");
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-disablewallet", "-ipcbind=unix");
        await node.StartAsync();

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(node.Socket), TestContext.Current.CancellationToken);
        await socket.SendAsync(Convert.FromHexString(BootstrapFrame), TestContext.Current.CancellationToken);
        var frame = await ReadFrameAsync(socket);

        var text = await DecodeAsync(capnp, frame);
        Assert.Contains("return = ", text, StringComparison.Ordinal);
        Assert.Contains("answerId = 0", text, StringComparison.Ordinal);
        Assert.Contains("senderHosted", text, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadFrameAsync(Socket socket)
    {
        var header = await ReadAsync(socket, 8);
        Assert.Equal(0u, BitConverter.ToUInt32(header, 0));   // one segment
        var body = await ReadAsync(socket, 8 * checked((int)BitConverter.ToUInt32(header, 4)));
        return [.. header, .. body];
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(done), TestContext.Current.CancellationToken);
            Assert.True(read > 0, "the node closed the connection");
            done += read;
        }

        return bytes;
    }

    private static async Task<string> DecodeAsync(string capnp, byte[] frame)
    {
        var schema = Directory.GetFiles(Path.Combine(Programs.Repository, "ipc", "runtime"), "rpc.capnp", SearchOption.AllDirectories).Single();
        var info = new ProcessStartInfo(capnp) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "decode", schema, "Message", "-I" + Path.Combine(Programs.Repository, "ipc") }) info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        await process.StandardInput.BaseStream.WriteAsync(frame);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return text;
    }
}
