using Dash.Primitives.Encoding;

namespace Dash.Primitives.Scripts;

/// <summary>The part of a script that a signature covers.</summary>
internal static class ScriptCode
{
    /// <summary>
    /// The script without pushes of <paramref name="signature"/>, as nothing can sign itself; the script itself when
    /// there is none.
    /// </summary>
    public static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> script, ReadOnlySpan<byte> signature, out bool isFound)
    {
        isFound = false;
        var push = new ByteWriter(signature.Length + 5);
        ScriptBuilder.WritePush(push, signature);
        var pattern = push.WrittenSpan;
        if (script.IndexOf(pattern) < 0)
        {
            return script;
        }

        // Found only where an operation starts. What is cut out may end anywhere: the walk goes on from there.
        var result = new ByteWriter(script.Length);
        var kept = 0;
        var at = 0;
        while (true)
        {
            result.WriteBytes(script[kept..at]);
            while (script[at..].StartsWith(pattern))
            {
                at += pattern.Length;
                isFound = true;
            }

            kept = at;
            var ops = new ScriptReader(script[at..]);
            if (!ops.TryRead(out _, out _))
            {
                break;
            }

            at += ops.Position;
        }

        result.WriteBytes(script[kept..]);
        return isFound ? result.WrittenSpan : script;
    }
}
