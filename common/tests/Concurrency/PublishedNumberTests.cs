using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

public class PublishedNumberTests
{
    [Fact]
    public void What_was_said_is_read()
    {
        using TempDirectory directory = new();
        using var said = PublishedNumber.Create(Path.Combine(directory.Path, "number"));
        using var reader = PublishedNumberReader.TryOpen(said.Path, said.Word.Span);
        Assert.NotNull(reader);
        foreach (ulong number in (ulong[])[0, 1, 7, ulong.MaxValue])
        {
            said.Say(number);
            Assert.True(reader.TryRead(out var read));
            Assert.Equal(number, read);
        }
    }

    [Fact]
    public void The_last_numbers_have_notes()
    {
        using TempDirectory directory = new();
        using var said = PublishedNumber.Create(Path.Combine(directory.Path, "number"));
        using var reader = PublishedNumberReader.TryOpen(said.Path, said.Word.Span);
        Assert.NotNull(reader);
        for (byte number = 1; number <= 9; number++)
        {
            said.Say(number, number == 8 ? default : Enumerable.Repeat(number, PublishedNumber.NoteSize).ToArray());
        }

        var notes = new byte[PublishedNumber.NotesSize];
        Assert.True(reader.TryRead(notes, out var last));
        Assert.Equal(9UL, last);
        Assert.Equal([6, 7, 0, 9], Enumerable.Range(6, PublishedNumber.Notes).Select(number => (int)PublishedNumber.NoteOf(notes, (ulong)number)[31]));
    }

    [Fact]
    public void A_file_of_somebody_else_is_not_opened()
    {
        using TempDirectory directory = new();
        using var said = PublishedNumber.Create(Path.Combine(directory.Path, "number"));
        Assert.Null(PublishedNumberReader.TryOpen(said.Path, new byte[PublishedNumber.WordSize]));
        Assert.Null(PublishedNumberReader.TryOpen(said.Path, []));
        Assert.Null(PublishedNumberReader.TryOpen(said.Path + "2", said.Word.Span));
        Assert.Null(PublishedNumberReader.TryOpen("number", said.Word.Span));
        Assert.Null(PublishedNumberReader.TryOpen("", said.Word.Span));
        Assert.Null(PublishedNumberReader.TryOpen(directory.Path, said.Word.Span));
        Assert.Null(PublishedNumberReader.TryOpen("/dev/zero", said.Word.Span));
        File.WriteAllBytes(Path.Combine(directory.Path, "long"), [.. said.Word.Span, .. new byte[100]]);
        Assert.Null(PublishedNumberReader.TryOpen(Path.Combine(directory.Path, "long"), said.Word.Span));
    }

    [Fact]
    public void A_file_that_was_cut_or_torn_says_nothing()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "number");
        using var said = PublishedNumber.Create(path);
        using var reader = PublishedNumberReader.TryOpen(path, said.Word.Span);
        Assert.NotNull(reader);
        using var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        other.Position = PublishedNumber.Size - 1;
        other.WriteByte(1);
        other.Flush();
        Assert.False(reader.TryRead(out _));
        said.Say(3);
        Assert.True(reader.TryRead(out _));
        other.SetLength(10);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_new_writer_takes_a_file_of_its_own_and_leaves_none_behind()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "number");
        var first = PublishedNumber.Create(path);
        using var reader = PublishedNumberReader.TryOpen(path, first.Word.Span);
        first.Say(5);
        using (var second = PublishedNumber.Create(path))
        {
            second.Say(9);
            Assert.NotNull(reader);
            Assert.True(reader.TryRead(out var read));
            Assert.Equal(5UL, read);
            Assert.Null(PublishedNumberReader.TryOpen(path, first.Word.Span));
        }

        Assert.False(File.Exists(path));
        first.Dispose();
    }
}
