using System.Buffers;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Transports;

public sealed class KeptBuffersTests
{
    [Fact]
    public void A_buffer_that_came_back_is_given_again_and_never_to_two()
    {
        using KeptBuffers buffers = new(64);
        var first = buffers.Rent();
        var second = buffers.Rent(64);
        first.Memory.Span.Fill(1);
        second.Memory.Span.Fill(2);
        Assert.Equal((64, 1), (first.Memory.Length, first.Memory.Span[63]));

        first.Dispose();
        var again = buffers.Rent(1);

        Assert.True(again.Memory.Span == first.Memory.Span);
        Assert.False(buffers.Rent().Memory.Span == again.Memory.Span);
        Assert.Equal(2, second.Memory.Span[0]);
    }

    [Fact]
    public void Few_are_kept()
    {
        using KeptBuffers buffers = new(64);
        var burst = Enumerable.Range(0, 5).Select(_ => buffers.Rent()).ToList();
        burst.ForEach(static buffer => buffer.Dispose());

        var next = Enumerable.Range(0, 5).Select(_ => buffers.Rent()).ToList();

        Assert.Equal(2, next.Count(burst.Contains));
    }

    [Fact]
    public void What_a_long_message_takes_beyond_them_is_lent_by_the_pool_and_goes_back_once()
    {
        CountedPool pool = new();
        using KeptBuffers buffers = new(64, pool);
        for (var i = 0; i < 3; i++)
        {
            var burst = Enumerable.Range(0, 5).Select(_ => buffers.Rent()).ToList();
            Assert.All(burst, static buffer => Assert.Equal(64, buffer.Memory.Length));
            Assert.Equal((3, 5), (pool.Lent.Count, burst.DistinctBy(static buffer => buffer.Memory).Count()));
            burst.ForEach(static buffer => buffer.Dispose());
            Assert.Empty(pool.Lent);
            burst[4].Dispose();
        }

        Assert.Equal(3, pool.Made);
    }

    [Fact]
    public void More_than_a_buffer_holds_is_refused()
    {
        using KeptBuffers buffers = new(64);
        Assert.Equal(64, buffers.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffers.Rent(65));
    }

    // Gives longer arrays than it is asked for, as the runtime's does.
    private sealed class CountedPool : ArrayPool<byte>
    {
        private readonly Stack<byte[]> _free = new();

        public HashSet<byte[]> Lent { get; } = [];

        public int Made { get; private set; }

        public override byte[] Rent(int minimumLength)
        {
            if (!_free.TryPop(out var bytes))
            {
                bytes = new byte[minimumLength + 1];
                Made++;
            }

            Lent.Add(bytes);
            return bytes;
        }

        public override void Return(byte[] array, bool clearArray = false)
        {
            Assert.True(Lent.Remove(array));
            _free.Push(array);
        }
    }
}
