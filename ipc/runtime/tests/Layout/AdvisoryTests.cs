using System.Buffers;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Layout;

/// <summary>
/// The security advisories of the reference implementation, each as the input that hurt it. Left out are those of code we have
/// none of: its HTTP and WebSocket libraries, schemas loaded at run time, and its parser of schema files.
/// </summary>
public sealed class AdvisoryTests
{
    private const ulong PointerToNext = 0;

    [Fact]
    public void CVE_2015_2310_sizes_that_overflow_when_multiplied_are_refused()
    {
        // 2^29 - 1 elements of 65535 + 65535 words, in a list that says it has one word.
        var message = Read(Words.List(0, 7, 1), Words.Tag(0x1fff_ffff, 0xffff, 0xffff), 0);
        Assert.Throws<IpcFormatException>(() => message.Root.GetList(ElementSize.Composite));
    }

    [Theory]
    [InlineData(-1000)]
    [InlineData(0x1fff_ffff)]
    [InlineData(-0x2000_0000)]
    [InlineData(3)]
    public void CVE_2015_2311_targets_around_a_segment_are_refused(int offset)
    {
        var pointer = (uint)(offset << 2) | 1UL << 32 | 1UL << 48;
        Assert.Throws<IpcFormatException>(() => Read(pointer, 0, 0).Root.GetStruct());
        Assert.Throws<IpcFormatException>(() => Read((pointer & 0xffff_fffc) | 1 | 4UL << 32 | 8UL << 35, 0, 0).Root.GetList(ElementSize.FourBytes));
    }

    [Fact]
    public void CVE_2015_2312_lists_of_nothing_cost_what_they_claim()
    {
        // Sixteen of them: two would be refused by the limit of words that may be walked, as the first is.
        var message = Read(Words.List(0, 6, 16), [.. Enumerable.Repeat(Words.List(0, 0, 0x1fff_ffff), 16)]);
        var lists = message.Root.GetList(ElementSize.Pointer);
        Assert.Throws<IpcFormatException>(() => lists.GetPointer(0).GetList(ElementSize.Void));
    }

    [Fact]
    public void CVE_2015_2313_structs_without_size_cost_what_they_claim_also_in_copies()
    {
        var message = Read(Words.List(0, 7, 0), Words.Tag(0x1fff_ffff, 0, 0));
        Assert.Throws<IpcFormatException>(() => message.Root.GetList(ElementSize.Composite));
        using MessageBuilder copy = new();
        Assert.Throws<IpcFormatException>(() => copy.Root.SetFrom(Read(Words.List(0, 7, 0), Words.Tag(0x1fff_ffff, 0, 0)).Root));
        Assert.Throws<IpcFormatException>(() => CanonicalForm.Encode(Read(Words.List(0, 7, 0), Words.Tag(0x1fff_ffff, 0, 0)).Root));
    }

    [Theory]
    [InlineData(0x1fff_ffffu)]
    [InlineData(0x1000_0000u)]
    public void CVE_2017_7892_far_pointers_to_the_end_of_all_addresses_are_refused(uint pad)
    {
        foreach (var isDouble in (ulong[])[0, 4])
        {
            var message = Read(2 | isDouble | (ulong)pad << 3, 0, 0);
            Assert.Throws<IpcFormatException>(() => message.Root.GetStruct());
            Assert.Throws<IpcFormatException>(() => Read(2 | isDouble | (ulong)pad << 3, 0, 0).Root.GetData());
        }
    }

    [Fact]
    public void CVE_2022_46149_a_list_of_structs_without_pointers_is_no_list_of_pointers()
    {
        var message = Read(Words.List(0, 7, 2), Words.Tag(2, 1, 0), 0x0000_0006_0000_0001, 0x0000_0006_0000_0001);
        Assert.Throws<IpcFormatException>(() => message.Root.GetList(ElementSize.Pointer));

        // And of structs with data before the pointer, the pointer is read and not the data.
        var list = Read(Words.List(0, 7, 2), Words.Tag(1, 1, 1), ulong.MaxValue, PointerToNext).Root.GetList(ElementSize.Pointer);
        Assert.True(list.GetPointer(0).IsNull);
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("ffffffff00000000")]
    [InlineData("ffffffff0100000000000000000000000000")]
    public void Advisory_2026_03_12_a_segment_count_that_overflows_is_refused(string hex)
    {
        var bytes = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Throws<IpcFormatException>(() => StreamFraming.TryRead(ref bytes, MessageLimits.Default, out _));
    }

    [Fact]
    public void Advisory_2026_07_09_sizes_of_segments_whose_sum_overflows_32_bits_are_refused()
    {
        // Two segments that are one word together, if the sum is of 32 bits; in words, and in bytes.
        foreach (var (first, second) in ((uint, uint)[])[(0xffff_ffff, 2), (0x1fff_ffff, 0x2000_0002), (0x8000_0000, 0x8000_0001)])
        {
            byte[] frame = [1, 0, 0, 0, .. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second), .. new byte[4 + 16]];
            var bytes = new ReadOnlySequence<byte>(frame);
            Assert.Throws<IpcFormatException>(() => StreamFraming.TryRead(ref bytes, MessageLimits.Default, out _));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0x7fff)]
    [InlineData(0xffff)]
    public async Task Advisory_2026_07_09_kinds_of_exceptions_that_do_not_exist_are_failures(int kind)
    {
        await using var peer = WirePeer.OfServer();
        var asking = peer.Connection.Protocol.Bootstrap();
        await peer.HearAsync();
        await peer.SayAsync(message =>
        {
            var answer = message.InitReturn();
            answer.AnswerId = 0;
            var exception = answer.InitException();
            exception.Reason = "odd";
            exception.Type = (RpcException.Type)kind;
        });
        var failure = await Assert.ThrowsAsync<IpcException>(() => asking.Response.InTime());
        Assert.Equal((IpcErrorKind.Failed, "odd"), (failure.Kind, failure.Reason));
        Assert.Contains("odd", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Advisory_2026_07_09_a_field_whose_name_is_an_invalid_pointer_is_refused_once_and_not_for_ever()
    {
        // What describes a failure must not fail by the same pointer again: log lines are made of such messages too.
        var message = Read(Words.Struct(0, 0, 1), Words.Struct(1000, 1, 1));
        Assert.Equal("<ill-formed>", ArgumentText.Of(message.Root, [new("name", ProxyFieldKind.Struct, 0) { Members = [new("x", ProxyFieldKind.Text, 0)] }])[^12..]);
    }

    private static MessageReader Read(ulong root, params ulong[] words) => Words.Message([root, .. words]);
}
