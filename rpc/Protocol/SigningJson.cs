using System.Text.Json;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Signing of whole transactions as <c>signrawtransactionwithkey</c> and its kin do it: previous outputs, hash types and
/// the reply. Node and wallet answer with the same code.
/// </summary>
public static class SigningJson
{
    /// <summary>Reads a hash type; absent it is ALL.</summary>
    /// <exception cref="RpcError">Code -1.</exception>
    public static SigHashType ReadHashType(JsonElement value)
    {
        var text = value.IsAbsent() ? "ALL" : value.AsStr();
        return text switch
        {
            "ALL" => SigHashType.All,
            "ALL|ANYONECANPAY" => SigHashType.All | SigHashType.AnyoneCanPay,
            "NONE" => SigHashType.None,
            "NONE|ANYONECANPAY" => SigHashType.None | SigHashType.AnyoneCanPay,
            "SINGLE" => SigHashType.Single,
            "SINGLE|ANYONECANPAY" => SigHashType.Single | SigHashType.AnyoneCanPay,
            _ => throw new RpcError(RpcErrorCode.Misc, text + " is not a valid sighash parameter."),
        };
    }

    /// <summary>Reads outputs that the chain need not know, into those that are known.</summary>
    /// <param name="value">The array, or absent.</param>
    /// <param name="coins">The outputs known; added to.</param>
    /// <param name="addScript">
    /// Takes the scripts behind hashes, which must be given then; null where who signs has its own: what is said of them is not looked at.
    /// </param>
    /// <exception cref="RpcError">Codes -3, -8, -22.</exception>
    public static void ReadPreviousOutputs(
        JsonElement value, IDictionary<OutPoint, TxOut> coins, Action<Script>? addScript)
    {
        ArgumentNullException.ThrowIfNull(coins);
        if (value.IsAbsent())
        {
            return;
        }

        foreach (var item in value.AsArray().EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Undecodable("expected object with {\"txid'\",\"vout\",\"scriptPubKey\"}");
            }

            ReadPreviousOutput(item, coins, addScript);
        }
    }

    /// <summary>Signs every input as far as it goes.</summary>
    /// <param name="transaction">What is signed.</param>
    /// <param name="source">Keys and scripts.</param>
    /// <param name="coins">The outputs that are spent, as far as they are known.</param>
    /// <param name="type">What of the transaction is signed.</param>
    /// <param name="errors">By input, why it is not complete.</param>
    public static Transaction Sign(
        Transaction transaction,
        ISigningSource source,
        IReadOnlyDictionary<OutPoint, TxOut> coins,
        SigHashType type,
        out IReadOnlyList<(int Input, string Error)> errors)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(coins);
        var isSingle = (type & ~SigHashType.AnyoneCanPay) == SigHashType.Single;
        List<(int, string)> faults = [];
        var inputs = transaction.Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!coins.TryGetValue(inputs[i].PreviousOutput, out var coin))
            {
                faults.Add((i, "Input not found or already spent"));
                continue;
            }

            var progress = PartialSignatures.Read(transaction, i, coin);

            // A single output is signed only where there is one.
            if (!isSingle || i < transaction.Outputs.Length)
            {
                InputSigner.Sign(source, new TransactionSignatureMaker(transaction, i, type), coin.ScriptPubKey, progress);
            }

            inputs[i] = inputs[i] with { ScriptSig = progress.ScriptSig };
            if (!Interpreter.Verify(
                progress.ScriptSig, coin.ScriptPubKey, ScriptFlags.Standard, new TransactionChecker(transaction, i), out var error))
            {
                faults.Add((i, Explain(error)));
            }
        }

        errors = faults;
        return transaction with { Inputs = inputs.ToImmutable() };
    }

    /// <summary>Writes the reply: the transaction, whether it is complete, and what is missing.</summary>
    public static void WriteSigned(
        this Utf8JsonWriter writer, Transaction transaction, IReadOnlyList<(int Input, string Error)> errors)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(errors);
        writer.WriteStartObject();
        writer.WriteHex("hex", transaction.ToBytes());
        writer.WriteBoolean("complete", errors.Count == 0);
        if (errors.Count > 0)
        {
            writer.WriteStartArray("errors");
            foreach (var (index, error) in errors)
            {
                var input = transaction.Inputs[index];
                writer.WriteStartObject();
                writer.WriteHash("txid", input.PreviousOutput.Txid);
                writer.WriteNumber("vout", input.PreviousOutput.Index);
                writer.WriteHex("scriptSig", input.ScriptSig.Span);
                writer.WriteNumber("sequence", input.Sequence);
                writer.WriteString("error", error);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void ReadPreviousOutput(
        JsonElement item, IDictionary<OutPoint, TxOut> coins, Action<Script>? addScript)
    {
        RequireTypes(item, ("scriptPubKey", "string"), ("txid", "string"), ("vout", "number"));
        var txid = new Txid(item.Find("txid").AsHash("txid"));
        var index = item.Find("vout").AsInt();
        if (index < 0)
        {
            throw Undecodable("vout cannot be negative");
        }

        var outPoint = new OutPoint(txid, (uint)index);
        var script = new Script(item.Find("scriptPubKey").AsHex("scriptPubKey"));
        if (coins.TryGetValue(outPoint, out var known) && known.ScriptPubKey != script)
        {
            throw Undecodable(
                $"Previous output scriptPubKey mismatch:\n{ScriptAssembly.ToAsm(known.ScriptPubKey)}\nvs:\n{ScriptAssembly.ToAsm(script)}");
        }

        var amount = item.Find("amount");
        coins[outPoint] = new TxOut(amount.ValueKind == JsonValueKind.Undefined ? default : amount.AsAmount(), script);
        if (!script.IsPayToScriptHash || addScript is null)
        {
            return;
        }

        RequireTypes(item, ("redeemScript", "string"));
        var redeem = new Script(item.Find("redeemScript").AsHex("redeemScript"));
        addScript(redeem);
        if (script != ScriptTemplates.PayToScriptHash(redeem))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "redeemScript does not match scriptPubKey");
        }
    }

    private static void RequireTypes(JsonElement item, params ReadOnlySpan<(string Name, string Type)> members)
    {
        foreach (var (name, type) in members)
        {
            var value = item.Find(name);
            if (value.IsAbsent())
            {
                throw new RpcError(RpcErrorCode.Type, "Missing " + name);
            }

            if (JsonValues.TypeName(value) != type)
            {
                throw new RpcError(
                    RpcErrorCode.Type,
                    $"JSON value of type {JsonValues.TypeName(value)} for field {name} is not of expected type {type}");
            }
        }
    }

    private static string Explain(ScriptError error) => error switch
    {
        ScriptError.InvalidStackOperation => "Unable to sign input, invalid stack size (possibly missing key)",
        ScriptError.SigNullFail => "CHECK(MULTI)SIG failing with non-zero signature (possibly need more signatures)",
        _ => ScriptErrorText.Of(error),
    };

    private static RpcError Undecodable(string message) => new(RpcErrorCode.Deserialization, message);
}
