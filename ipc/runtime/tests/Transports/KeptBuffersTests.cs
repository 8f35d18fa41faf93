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
    public void More_than_a_buffer_holds_is_refused()
    {
        using KeptBuffers buffers = new(64);
        Assert.Equal(64, buffers.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffers.Rent(65));
    }
}
