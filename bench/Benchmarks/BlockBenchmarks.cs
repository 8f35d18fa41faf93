using BenchmarkDotNet.Attributes;
using Dash.Primitives.Blocks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Bench.Benchmarks;

/// <summary>
/// A block of 5,000 payments with 10,000 inputs, about 1.9 MB: read, walked, and its scripts verified.
/// </summary>
public class BlockBenchmarks
{
    private const int Transactions = 5000;
    private const int InputsOfEach = 2;

    private SampleBlock _sample = null!; // made by the setup
    private byte[] _bytes = [];

    /// <summary>Signs everything.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _sample = SampleBlock.Create(Transactions, InputsOfEach);
        _bytes = _sample.Block.ToBytes();
        Console.WriteLine($"// the block has {_bytes.Length} bytes");
        if (Verify(0, Transactions) != Transactions * InputsOfEach)
        {
            throw new InvalidOperationException("a signature is wrong");
        }
    }

    /// <summary>Bytes to objects.</summary>
    [Benchmark]
    public Block Parse() => Block.Parse(_bytes);

    /// <summary>Bytes to objects, with every txid.</summary>
    [Benchmark]
    public int ParseWithTxids()
    {
        var sum = 0;
        foreach (var transaction in Block.Parse(_bytes).Transactions)
        {
            sum += transaction.Txid.GetHashCode();
        }

        return sum;
    }

    /// <summary>Walks outputs and inputs in place, as a wallet looks for its own.</summary>
    [Benchmark]
    public int Scan()
    {
        var sum = 0;
        foreach (var view in new BlockScanner(_bytes))
        {
            foreach (var output in view.Outputs)
            {
                sum += output.ScriptPubKey.Length;
            }

            foreach (var input in view.Inputs)
            {
                sum += (int)input.PreviousOutput.Index;
            }
        }

        return sum;
    }

    /// <summary>The scripts of the 10,000 inputs, on one core.</summary>
    [Benchmark]
    public int VerifyOnOneCore() => Verify(0, Transactions);

    /// <summary>The same on all cores.</summary>
    [Benchmark]
    public int VerifyOnAllCores()
    {
        var good = 0;
        Parallel.For(0, Transactions, t => Interlocked.Add(ref good, Verify(t, 1)));
        return good;
    }

    private int Verify(int first, int count)
    {
        var good = 0;
        for (var t = first; t < first + count; t++)
        {
            var transaction = _sample.Block.Transactions[t];
            for (var i = 0; i < transaction.Inputs.Length; i++)
            {
                var checker = new TransactionChecker(transaction, i);
                var spent = _sample.Spent[(t * InputsOfEach) + i];
                good += Interpreter.Verify(
                    transaction.Inputs[i].ScriptSig, spent, ScriptFlags.Standard, checker, out _) ? 1 : 0;
            }
        }

        return good;
    }
}
