using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using Dash.Primitives.Hashing.X11;

namespace Dash.Bench.Benchmarks;

/// <summary>X11 of a block header, on one core.</summary>
public class X11Benchmarks
{
    private readonly byte[] _header = new byte[80];
    private readonly byte[] _digest = new byte[32];

    /// <summary>What the processor is asked for; switched off by DOTNET_EnableHWIntrinsic=0.</summary>
    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = "";

    /// <summary>The one path this process takes.</summary>
    public static IEnumerable<string> Paths =>
        [(Aes.IsSupported, Avx2.IsSupported) switch
        {
            (true, true) => "AES, AVX2",
            (true, false) => "AES",
            (false, true) => "AVX2",
            _ => "portable",
        }];

    /// <summary>A header, each made of the hash before.</summary>
    [Benchmark]
    public void Header()
    {
        X11Hash.Hash(_header, _digest);
        _digest.CopyTo(_header, 0);
    }
}
