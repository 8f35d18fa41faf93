using System.Text.Json;
using Dash.Common.Options;

namespace Dash.Common.Tests.Options;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TempDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void A_change_is_stored_in_the_layout_of_dashd()
    {
        var path = Path.Combine(_dir.Path, "settings.json");
        var file = SettingsFile.Read(path);
        file.Update("wallet", before => { Assert.Null(before); return Json("[\"a∋\", \"\"]"); });
        file.Update("a", _ => Json("true"));

        var expected = "{\n    \"a\": true,\n    \"wallet\": [\n        \"a∋\",\n        \"\"\n    ]\n}\n";
        Assert.Equal(expected, File.ReadAllText(path));
        Assert.False(File.Exists(path + ".tmp"));
        Assert.Equal(["a∋", ""], SettingsFile.Read(path).Get("wallet")!.Value.EnumerateArray().Select(name => name.GetString()));

        file.Update("wallet", _ => null);
        Assert.Null(SettingsFile.Read(path).Get("wallet"));
    }

    [Fact]
    public void Who_shares_the_file_takes_turns_and_keeps_what_others_stored()
    {
        var path = _dir.Write("settings.json", "{}");
        var early = SettingsFile.Read(path);
        SettingsFile.Read(path).Update("wallet", _ => JsonSerializer.SerializeToElement("w"));
        early.Write();
        Assert.Equal("w", SettingsFile.Read(path).Get("wallet")?.GetString());

        Parallel.For(0, 50, new() { CancellationToken = TestContext.Current.CancellationToken }, _ => SettingsFile.Read(path).Write());
        Assert.Equal("w", SettingsFile.Read(path).Get("wallet")?.GetString());
    }

    [Fact]
    public void A_failed_write_leaves_the_setting_as_it_was()
    {
        var file = SettingsFile.Read(Path.Combine(_dir.Path, "missing", "settings.json"));
        Assert.Throws<DirectoryNotFoundException>(() => file.Update("a", _ => Json("1")));
        Assert.Null(file.Get("a"));
    }

    [Theory]
    [InlineData("[]", "Found non-object value [] in settings file ")]
    [InlineData("{", "Unable to parse settings file ")]
    [InlineData("{\"a\":1,\"a\":2}", "Found duplicate key a in settings file ")]
    public void A_file_that_is_no_settings_object_is_refused_by_name(string text, string reason)
    {
        var path = _dir.Write("settings.json", text);
        var e = Assert.Throws<OptionException>(() => SettingsFile.Read(path));
        Assert.Equal($"Failed loading settings file:\n- {reason}{path}\n", e.Message);
    }

    [Fact]
    public void An_empty_file_has_no_settings() => Assert.Empty(SettingsFile.Read(_dir.Write("settings.json", "")).Snapshot());

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
