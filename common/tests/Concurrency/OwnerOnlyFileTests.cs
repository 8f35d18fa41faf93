using System.Runtime.Versioning;
using System.Text;
using Dash.Common.Concurrency;

namespace Dash.Common.Tests.Concurrency;

[SupportedOSPlatform("linux")]
public class OwnerOnlyFileTests
{
    [Fact]
    public void A_file_that_is_made_is_for_its_owner_alone()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "secret");
        using (var file = OwnerOnlyFile.Create(path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            file.Write("mine"u8);
        }

        Assert.Equal("mine", File.ReadAllText(path, Encoding.ASCII));
    }

    [Fact]
    public void A_file_that_is_there_is_only_written_over_when_that_was_asked_for()
    {
        using TempDirectory directory = new();
        var path = Path.Combine(directory.Path, "secret");
        File.WriteAllText(path, "theirs");

        Assert.Throws<IOException>(() => OwnerOnlyFile.Create(path));
        OwnerOnlyFile.Create(path, FileMode.Create).Dispose();

        Assert.Equal(0, new FileInfo(path).Length);
    }
}
