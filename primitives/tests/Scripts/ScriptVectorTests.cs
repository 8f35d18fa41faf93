using System.Text.Json;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Scripts;

public sealed class ScriptVectorTests
{
    [Fact]
    public void Every_row_of_the_script_vectors_ends_as_it_says()
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read("script_tests.json"));
        var failures = new List<string>();
        var count = 0;
        foreach (var row in VectorRows.OfLength(rows, "script_tests.json", 4))
        {
            count++;
            var scriptSig = CoreScriptText.ParseScript(row[0].GetString()!);
            var scriptPubKey = CoreScriptText.ParseScript(row[1].GetString()!);
            var flags = CoreScriptText.ParseFlags(row[2].GetString()!);
            if ((flags & ScriptFlags.CleanStack) != 0)
            {
                flags |= ScriptFlags.P2sh;
            }

            var spend = Spend(scriptPubKey, scriptSig);
            Interpreter.Verify(scriptSig, scriptPubKey, flags, new TransactionChecker(spend, 0), out var error);
            if (error != CoreScriptText.ParseError(row[3].GetString()!))
            {
                failures.Add($"{error}: {row.GetRawText()}");
            }
        }

        Assert.True(count > 1000);
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
    }

    [Fact]
    public void Every_transaction_of_the_valid_vectors_verifies()
    {
        var failures = new List<string>();
        foreach (var (row, transaction, outputs, flags) in Rows("tx_valid.json"))
        {
            if (TransactionForm.Check(transaction) is { } reason)
            {
                failures.Add($"{reason}: {row}");
            }

            // The row names the flags it can't be verified with.
            var kept = Trim(CoreScriptText.AllFlags & ~flags);
            if (Verify(transaction, outputs, kept) is { } error)
            {
                failures.Add($"{error}: {row}");
            }

            // Fewer rules never make it invalid.
            foreach (var flag in CoreScriptText.EachFlag)
            {
                if (Verify(transaction, outputs, Trim(kept & ~flag)) is { } looser)
                {
                    failures.Add($"{looser} without {flag}: {row}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
    }

    [Fact]
    public void Every_transaction_of_the_invalid_vectors_is_refused()
    {
        var failures = new List<string>();
        var structural = 0;
        foreach (var (row, transaction, outputs, flags) in Rows("tx_invalid.json"))
        {
            var isForm = row.Contains("\"BADTX\"", StringComparison.Ordinal);
            if (TransactionForm.Check(transaction) is { } reason)
            {
                structural++;
                if (!isForm)
                {
                    failures.Add($"{reason}: {row}");
                }

                continue;
            }

            if (isForm || Verify(transaction, outputs, flags) is null)
            {
                failures.Add(row);
            }
        }

        Assert.True(structural >= 10, $"{structural} rows of a bad form");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
    }

    private static IEnumerable<(string Row, Transaction Transaction, Dictionary<OutPoint, Script> Outputs, ScriptFlags Flags)>
        Rows(string file)
    {
        using var rows = JsonDocument.Parse(SharedVectors.Read(file));
        foreach (var row in VectorRows.OfLists(rows, file))
        {
            var outputs = new Dictionary<OutPoint, Script>();
            foreach (var output in row[0].EnumerateArray())
            {
                var outPoint = new OutPoint(Txid.Parse(output[0].GetString()!), unchecked((uint)output[1].GetInt64()));
                outputs[outPoint] = CoreScriptText.ParseScript(output[2].GetString()!);
            }

            var transaction = Transaction.Parse(Convert.FromHexString(row[1].GetString()!));
            Assert.Equal(row[1].GetString(), Convert.ToHexStringLower(transaction.ToBytes()), ignoreCase: true);
            var flags = row[2].GetString()! is "BADTX" ? ScriptFlags.None : CoreScriptText.ParseFlags(row[2].GetString()!);
            yield return (row.GetRawText(), transaction, outputs, flags);
        }
    }

    private static ScriptError? Verify(Transaction transaction, Dictionary<OutPoint, Script> outputs, ScriptFlags flags)
    {
        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            var input = transaction.Inputs[i];
            var checker = new TransactionChecker(transaction, i);
            if (!Interpreter.Verify(input.ScriptSig, outputs[input.PreviousOutput], flags, checker, out var error))
            {
                return error;
            }
        }

        return null;
    }

    // A clean stack can only be asked for together with pay-to-script-hash.
    private static ScriptFlags Trim(ScriptFlags flags) =>
        (flags & ScriptFlags.P2sh) == 0 ? flags & ~ScriptFlags.CleanStack : flags;

    private static Transaction Spend(Script scriptPubKey, Script scriptSig)
    {
        var zeros = new ScriptBuilder().Number(0).Number(0).Build();
        var credit = new Transaction(
            1, TransactionType.Normal, [new TxIn(OutPoint.Null, zeros)], [new TxOut(Amount.Zero, scriptPubKey)]);
        return new Transaction(
            1,
            TransactionType.Normal,
            [new TxIn(new OutPoint(credit.Txid, 0), scriptSig)],
            [new TxOut(Amount.Zero, Script.Empty)]);
    }
}
