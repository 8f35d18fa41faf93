using System.Globalization;
using System.Runtime.InteropServices;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Keys;

public sealed class SecretBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void Keeps_what_it_was_given_until_disposed(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i + 1))];

        var secret = new SecretBytes(bytes);

        Assert.Equal(bytes, secret.Span.ToArray());
        Assert.Equal("***", secret.ToString());
        secret.Dispose();
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
    }

    [Fact]
    public void Memory_is_zeroed_when_it_comes_back()
    {
        var slot = LockedMemory.Rent(32);
        slot.Span.Fill(0xaa);

        LockedMemory.Return(slot);

        Assert.False(slot.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Secrets_that_live_together_do_not_share_memory()
    {
        var secrets = Enumerable.Range(0, 2000).Select(i => new SecretBytes(BitConverter.GetBytes(i))).ToArray();

        Assert.All(secrets.Index(), pair => Assert.Equal(pair.Index, BitConverter.ToInt32(pair.Item.Span)));

        Assert.True(secrets[7].FixedTimeEquals(new SecretBytes(BitConverter.GetBytes(7))));
        Assert.False(secrets[7].FixedTimeEquals(secrets[8]));
        Array.ForEach(secrets, static secret => secret.Dispose());
    }

    [Fact]
    public void Memory_is_locked_where_the_system_lets_us()
    {
        using var secret = new SecretBytes([1, 2, 3]);
        Assert.Equal(3, secret.Span.Length);
        var statistics = LockedMemory.Statistics;
        Assert.InRange(statistics.Locked, 0, statistics.Total);
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // A container may forbid it altogether: then nothing is counted, and the secret works all the same. Others may lock
        // more meanwhile, or give back, so the sum is taken before and after.
        var counted = LockedMemory.LockedBytes;
        var status = File.ReadLines("/proc/self/status").Single(static line => line.StartsWith("VmLck:", StringComparison.Ordinal));
        counted = Math.Min(counted, LockedMemory.LockedBytes);
        var kib = long.Parse(status.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        Assert.True(kib * 1024 >= counted, $"{status}, counted are {counted} bytes");
    }

    [Fact]
    public void Memory_stays_where_it_is_whatever_is_collected()
    {
        var slot = LockedMemory.Rent(32);
        slot.Span.Fill(0x55);
        var before = Marshal.UnsafeAddrOfPinnedArrayElement(slot.Array, slot.Offset);
        var passing = Enumerable.Range(0, 1000).Select(static i => new byte[i]).ToArray();

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.Equal(before, Marshal.UnsafeAddrOfPinnedArrayElement(slot.Array, slot.Offset));
        Assert.False(slot.Span.ContainsAnyExcept((byte)0x55));
        GC.KeepAlive(passing);
        LockedMemory.Return(slot);
    }

    [Fact]
    public void No_text_of_a_holder_of_secrets_shows_one()
    {
        var bytes = Convert.FromHexString("e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35");
        using var seed = new SecretBytes(bytes);
        using var key = PrivateKey.FromBytes(bytes);
        using var extended = ExtendedPrivateKey.FromSeed(seed);
        using DescriptorKeys keys = new();
        Assert.True(Descriptor.TryParse(
            $"pkh({Wif.Encode(key, ChainParams.Main.Prefixes.Wif)})", ChainParams.Main.Prefixes, requireChecksum: false, keys, out var descriptor, out _));
        string[] secrets = [Convert.ToHexStringLower(bytes), Wif.Encode(key, ChainParams.Main.Prefixes.Wif)];
        foreach (var holder in new object[] { seed, key, extended, keys, descriptor })
        {
            var text = $"{holder}";
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain("prv", text, StringComparison.Ordinal);
        }
    }
}
