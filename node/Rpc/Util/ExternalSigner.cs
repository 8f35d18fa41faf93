using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

/// <summary>
/// The user's program that speaks to signing devices (<c>-signer</c>). It is given words and answers with one line of JSON.
/// </summary>
/// <param name="command">The program and its first arguments, separated by blanks; no shell sees them.</param>
internal sealed class ExternalSigner(string command)
{
    // An answer lists devices or holds one transaction: what is longer is no answer.
    private const int MaxAnswer = 4 << 20;

    /// <summary>Runs it with some more words.</summary>
    /// <returns>What it answered; the caller's to dispose.</returns>
    /// <exception cref="RpcError">It cannot be started, failed, or answered no JSON.</exception>
    public async Task<JsonDocument> RunAsync(string words, CancellationToken ct)
    {
        var line = $"{command} {words}";
        var parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        ProcessStartInfo start = new(parts[0])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var part in parts.AsSpan(1))
        {
            start.ArgumentList.Add(part);
        }

        using var process = Start(start);
        try
        {
            process.StandardInput.Close();
            var errors = ReadLineAsync(process.StandardError, ct);
            var answer = await ReadLineAsync(process.StandardOutput, ct).ConfigureAwait(false);
            var error = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new RpcError(RpcErrorCode.Misc, $"RunCommandParseJSON error: process({line}) returned {process.ExitCode}: {error}\n");
            }

            return JsonText.TryParse(answer) ?? throw new RpcError(RpcErrorCode.Misc, "Unable to parse JSON: " + answer);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true); // nobody waits for it any more
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!; // null only where a shell opens documents
        }
        catch (Win32Exception e)
        {
            throw new RpcError(RpcErrorCode.Misc, "execve failed: " + new Win32Exception(e.NativeErrorCode).Message, e);
        }
    }

    // The first line; the rest is read and dropped, so that the program does not wait for room.
    private static async Task<string> ReadLineAsync(StreamReader reader, CancellationToken ct)
    {
        StringBuilder line = new();
        var buffer = new char[4096];
        var isEnded = false;
        while (await reader.ReadAsync(buffer, ct).ConfigureAwait(false) is var count and > 0)
        {
            var end = Array.IndexOf(buffer, '\n', 0, count);
            if (!isEnded && line.Length < MaxAnswer)
            {
                line.Append(buffer, 0, end < 0 ? count : end);
            }

            isEnded |= end >= 0;
        }

        return line.ToString();
    }
}
