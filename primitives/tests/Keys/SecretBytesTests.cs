using Dash.Primitives.Keys;

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

        // A container may forbid it altogether: then nothing is counted, and the secret works all the same.
        Assert.True(LockedMemory.LockedBytes >= 0);
        Assert.Equal(3, secret.Span.Length);
    }
}
