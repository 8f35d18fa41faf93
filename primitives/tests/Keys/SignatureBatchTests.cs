using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Tests.Keys;

public sealed class SignatureBatchTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [InlineData(200, 1)]
    [InlineData(200, 4)]
    public void Good_signatures_are_good_together(int count, int threads)
    {
        var batch = Batch(count, _ => false);

        Assert.Equal(count, batch.Count);
        Assert.True(batch.Verify(threads, out var bad, TestContext.Current.CancellationToken));
        Assert.Equal(-1, bad);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_first_bad_one_is_found(int threads)
    {
        var batch = Batch(150, i => i is 77 or 78 or 140);

        Assert.False(batch.Verify(threads, out var bad, TestContext.Current.CancellationToken));

        Assert.Equal(77, bad);
        batch.Clear();
        Assert.True(batch.Verify(threads, out _, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_key_that_is_none_is_bad()
    {
        var batch = new SignatureBatch();
        batch.Add(new byte[33], default, [1]);

        Assert.False(batch.Verify(2, out var bad, TestContext.Current.CancellationToken));
        Assert.Equal(0, bad);
    }

    private static SignatureBatch Batch(int count, Func<int, bool> isBad)
    {
        var batch = new SignatureBatch();
        using var key = PrivateKey.FromBytes([.. new byte[31], 9]);
        for (var i = 0; i < count; i++)
        {
            var hash = Hashes.Sha256(BitConverter.GetBytes(i));
            batch.Add(key.PublicKey.Bytes, isBad(i) ? Uint256.Zero : hash, key.Sign(hash));
        }

        return batch;
    }
}
