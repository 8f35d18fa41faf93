using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>Random values are written, read, and must be what they were; throws where one is not.</summary>
internal static class RoundTrips
{
    public static void Transactions(RandomValues values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var transaction = values.Transaction();
            var bytes = transaction.ToBytes();
            Hold(bytes.Length == transaction.Size, "size", bytes);
            var read = Transaction.Parse(bytes);
            Hold(read.Equals(transaction), "equality", bytes);
            Hold(read.Txid == transaction.Txid, "txid", bytes);
            Hold(read.ToBytes().AsSpan().SequenceEqual(bytes), "bytes", bytes);
            Hold(!Transaction.TryParse(bytes.AsSpan(..^1), out _), "read when cut", bytes);
        }
    }

    public static void Scripts(RandomValues values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var script = values.Script();
            var bytes = script.ToArray();
            Hold(Script.FromHex(script.ToHex()).Equals(script), "hex", bytes);

            // The operations one after the other are the script.
            var ops = script.Ops();
            var end = 0;
            while (ops.TryRead(out _, out var data))
            {
                Hold(ops.Position > end && ops.Position - end > data.Length, "positions", bytes);
                end = ops.Position;
            }

            Hold(ops.IsAtEnd == (end == bytes.Length), "end", bytes);
            Rebuild(script, bytes);
            _ = ScriptAssembly.ToAsm(script);
        }
    }

    public static void Descriptors(RandomValues values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var payload = values.Descriptor();
            var text = DescriptorChecksum.Add(payload);
            using var keys = new DescriptorKeys();
            Hold(
                Descriptor.TryParse(text, values.Prefixes, requireChecksum: true, keys, out var read, out var error),
                $"{error}: {text}");
            Hold(read!.ToString() == text, $"{read} was {text}"); // it was read
            Hold(DescriptorChecksum.Verify(text), text);
            if (i % 16 != 0)
            {
                continue; // deriving keys is two thousand times slower than reading
            }

            Hold(
                read.TryExpand(i % 7, null, out var expansion)
                && read.TryExpandFromCache(i % 7, expansion.Cache, out var again)
                && expansion.Scripts.SequenceEqual(again.Scripts),
                text);
        }
    }

    // What a solved script holds makes the same script again.
    private static void Rebuild(Script script, byte[] bytes)
    {
        var solution = ScriptTemplates.Solve(script);
        var rebuilt = solution.Kind switch
        {
            ScriptKind.PubKey => ScriptTemplates.PayToPubKey(solution.Data[0].Span),
            ScriptKind.PubKeyHash => ScriptTemplates.PayToPubKeyHash(new Hash160(solution.Data[0].Span)),
            ScriptKind.ScriptHash => ScriptTemplates.PayToScriptHash(new Hash160(solution.Data[0].Span)),
            ScriptKind.Multisig => ScriptTemplates.Multisig(solution.Required, solution.Data),
            _ => script,
        };
        Hold(rebuilt.Equals(script), solution.Kind.ToString(), bytes);
    }

    private static void Hold(bool isTrue, string what, byte[] bytes)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException($"{what}: {Convert.ToHexStringLower(bytes)}");
        }
    }

    private static void Hold(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(what);
        }
    }
}
