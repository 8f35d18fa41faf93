using BenchmarkDotNet.Attributes;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Bench.Benchmarks;

/// <summary>A wallet's descriptor: read, and its next hundred scripts.</summary>
public class DescriptorBenchmarks : IDisposable
{
    private const int Scripts = 100;

    private string _text = "";
    private Descriptor _descriptor = null!; // made by the setup
    private DescriptorKeys _keys = null!; // made by the setup
    private DescriptorCache _cache = DescriptorCache.Empty;
    private int _index;

    /// <summary>The descriptor dashd makes for receiving.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var root = ExtendedPrivateKey.FromSeed(new byte[32]);
        var prefixes = ChainParams.Main.Prefixes;
        _keys = new DescriptorKeys();
        var text = $"pkh({root.Encode(prefixes.ExtendedPrivateKey.Span)}/44'/5'/0'/0/*)";
        if (!Descriptor.TryParse(text, prefixes, false, _keys, out var descriptor, out var error)
            || !descriptor.TryExpand(0, _keys, out var expansion))
        {
            throw new InvalidOperationException(error);
        }

        _descriptor = descriptor;
        _cache = expansion.Cache;
        _text = descriptor.ToString();
    }

    /// <summary>Forgets the keys.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _keys.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Text to object, with the checksum.</summary>
    [Benchmark]
    public bool Parse()
    {
        using var keys = new DescriptorKeys();
        return Descriptor.TryParse(_text, ChainParams.Main.Prefixes, true, keys, out _, out _);
    }

    /// <summary>A script from the cache a wallet file keeps: one step of BIP32.</summary>
    [Benchmark(OperationsPerInvoke = Scripts)]
    public int ExpandFromCache()
    {
        var sum = 0;
        for (var i = 0; i < Scripts; i++)
        {
            sum += _descriptor.TryExpandFromCache(_index++ & int.MaxValue, _cache, out var expansion)
                ? expansion.Scripts.Length
                : 0;
        }

        return sum;
    }

    /// <summary>A script from the private key: all steps of the path.</summary>
    [Benchmark]
    public bool ExpandFromPrivateKey() => _descriptor.TryExpand(_index++ & int.MaxValue, _keys, out _);
}
