using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>
/// Puts together the script that spends an output, from what is signed already and what a source can sign. Pure but
/// for the progress it is given.
/// </summary>
public static class InputSigner
{
    private const byte MinusOne = 0x81;

    /// <summary>
    /// Signs as far as it goes and notes the rest in <paramref name="progress"/>; true when the output is satisfied by
    /// the rules of relay.
    /// </summary>
    public static bool Sign(
        ISigningSource source, ISignatureMaker maker, Script scriptPubKey, SigningProgress progress)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(maker);
        ArgumentNullException.ThrowIfNull(scriptPubKey);
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.IsComplete)
        {
            return true;
        }

        var step = new Step(source, maker, progress);
        var pushes = new List<ReadOnlyMemory<byte>>();
        var isSolved = step.Solve(scriptPubKey, pushes, out var kind);
        if (isSolved && kind == ScriptKind.ScriptHash)
        {
            // The script behind the hash is satisfied in its place, and pushed last.
            var redeem = new Script(pushes[0].Span);
            progress.RedeemScript = redeem;
            isSolved = step.Solve(redeem, pushes, out kind) && kind != ScriptKind.ScriptHash;
            pushes.Add(redeem.Memory);
        }

        progress.ScriptSig = PushAll(pushes);
        progress.IsComplete = isSolved
            && Interpreter.Verify(progress.ScriptSig, scriptPubKey, ScriptFlags.Standard, maker.Checker, out _);
        return progress.IsComplete;
    }

    private static Script PushAll(List<ReadOnlyMemory<byte>> pushes)
    {
        var builder = new ScriptBuilder();
        foreach (var push in pushes)
        {
            var data = push.Span;
            if (data.IsEmpty)
            {
                builder.Op(Opcode.Op0);
            }
            else if (data.Length == 1 && data[0] is (>= 1 and <= 16) or MinusOne)
            {
                builder.Number(data[0] == MinusOne ? -1 : data[0]);
            }
            else
            {
                builder.Push(data);
            }
        }

        return builder.Build();
    }

    private sealed class Step(ISigningSource source, ISignatureMaker maker, SigningProgress progress)
    {
        /// <summary>The arguments of a script, or the script behind a hash; false when something is missing.</summary>
        public bool Solve(Script script, List<ReadOnlyMemory<byte>> pushes, out ScriptKind kind)
        {
            pushes.Clear();
            var solution = ScriptTemplates.Solve(script);
            kind = solution.Kind;
            switch (kind)
            {
                case ScriptKind.PubKey:
                    return TryPushSignature(solution.Data[0], script, pushes);
                case ScriptKind.PubKeyHash:
                    if (!TryFindKey(new Hash160(solution.Data[0].Span), out var key)
                        || !TryPushSignature(key, script, pushes))
                    {
                        return false;
                    }

                    pushes.Add(key);
                    return true;
                case ScriptKind.ScriptHash:
                    return TryPushRedeemScript(new Hash160(solution.Data[0].Span), pushes);
                case ScriptKind.Multisig:
                    return PushMultisig(solution, script, pushes);
                default:
                    return false;
            }
        }

        private bool PushMultisig(ScriptSolution solution, Script script, List<ReadOnlyMemory<byte>> pushes)
        {
            // The check takes one element more than it uses.
            pushes.Add(default);
            var wanted = solution.Required + 1;
            foreach (var key in solution.Data)
            {
                // Every key that can sign does, also when there are enough: others may need its signature.
                if (TrySign(key, script, out var signature) && pushes.Count < wanted)
                {
                    pushes.Add(signature);
                }
            }

            var isSolved = pushes.Count == wanted;

            // Half of what is missing has a place: the loop of Core, whose bytes these are, counts what it adds twice.
            pushes.AddRange(new ReadOnlyMemory<byte>[(wanted - pushes.Count + 1) / 2]);

            return isSolved;
        }

        private bool TryPushRedeemScript(Hash160 id, List<ReadOnlyMemory<byte>> pushes)
        {
            if (source.TryGetScript(id, out var script))
            {
                pushes.Add(script.Memory);
                return true;
            }

            if (Hashes.Hash160(progress.RedeemScript.Span) == id)
            {
                pushes.Add(progress.RedeemScript.Memory);
                return true;
            }

            progress.MissingRedeemScript = id;
            return false;
        }

        private bool TryPushSignature(
            ReadOnlyMemory<byte> key, Script script, List<ReadOnlyMemory<byte>> pushes)
        {
            var isSigned = TrySign(key, script, out var signature);
            if (isSigned)
            {
                pushes.Add(signature);
            }

            return isSigned;
        }

        private bool TrySign(ReadOnlyMemory<byte> key, Script script, out ReadOnlyMemory<byte> signature)
        {
            var id = Hashes.Hash160(key.Span);
            if (progress.Signatures.TryGetValue(id, out var known))
            {
                signature = known.Signature;
                return true;
            }

            progress.KeysMet.TryAdd(id, key);
            if (maker.TrySign(source, id, script, out var made))
            {
                progress.Signatures.Add(id, new KeySignature(key, made));
                signature = made;
                return true;
            }

            progress.MissingSignatures.Add(id);
            signature = default;
            return false;
        }

        private bool TryFindKey(Hash160 id, out ReadOnlyMemory<byte> key)
        {
            if (progress.Signatures.TryGetValue(id, out var signature))
            {
                key = signature.PublicKey;
                return true;
            }

            if (progress.KnownKeys.TryGetValue(id, out var known) || source.TryGetPublicKey(id, out known))
            {
                key = known.ToArray();
                return true;
            }

            progress.MissingKeys.Add(id);
            key = default;
            return false;
        }
    }
}
