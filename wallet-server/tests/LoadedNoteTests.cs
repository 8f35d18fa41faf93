using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>What is loaded is noted for the process that comes after one that died.</summary>
public sealed class LoadedNoteTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<string> _failures = [];

    private string Note => Path.Combine(_directory.Path, LoadedNote.FileName);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_loaded_is_noted_with_each_change_in_its_order()
    {
        await using var host = WalletHost.Attached();
        await host.NewWalletAsync("a");
        Assert.Null(LoadedNote.Read(Note));

        LoadedNote.Keep(host.Wallets, Note, _failures.Add, TestContext.Current.CancellationToken);
        Assert.Equal(["a"], LoadedNote.Read(Note));
        await host.NewWalletAsync("b \"quoted\"");
        Assert.Equal(["a", "b \"quoted\""], LoadedNote.Read(Note));
        await host.Wallets.UnloadAsync("a", loadOnStart: null);
        Assert.Equal(["b \"quoted\""], LoadedNote.Read(Note));
        await host.LoadAsync("a");
        Assert.Equal(["b \"quoted\"", "a"], LoadedNote.Read(Note));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task What_is_unloaded_because_the_process_ends_stays_noted()
    {
        using CancellationTokenSource stopping = new();
        await using (var host = WalletHost.Attached())
        {
            await host.NewWalletAsync("a");
            LoadedNote.Keep(host.Wallets, Note, _failures.Add, stopping.Token);
            await stopping.CancelAsync();
        }

        Assert.Equal(["a"], LoadedNote.Read(Note));
    }

    [Fact]
    public async Task A_note_that_cannot_be_written_refuses_nothing()
    {
        await using var host = WalletHost.Attached();
        LoadedNote.Keep(host.Wallets, Path.Combine(_directory.Path, "missing", "note"), _failures.Add, TestContext.Current.CancellationToken);
        await host.NewWalletAsync("a");
        Assert.NotNull(host.Wallets.Find("a"));
        Assert.Equal(2, _failures.Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"wallets\":1}")]
    public void A_spoiled_note_says_nothing(string text)
    {
        File.WriteAllText(Note, text);
        Assert.Null(LoadedNote.Read(Note));
    }
}
