using System.Text;
using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Schemas;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Messages;

/// <summary>Core's structs for what may fail: results with a value or an error, errors in two languages.</summary>
public sealed class ResultStructTests
{
    private const string Schema = "runtime/tests/Schemas/results.capnp";

    private const string Text =
        """(named = (value = "w"), failed = (error = (original = "No such wallet", translated = "")), done = (), refused = (error = (original = "No", translated = "Nein")))""";

    [Fact]
    public async Task Ours_are_read_by_the_reference_tool()
    {
        using MessageBuilder message = new();
        var outcomes = message.InitRoot<Outcomes.Builder>();
        outcomes.InitNamed().Value.SetText("w");
        var error = outcomes.InitFailed().InitError();
        error.Original = "No such wallet";
        error.Translated = "";
        outcomes.InitDone();
        error = outcomes.InitRefused().InitError();
        error.Original = "No";
        error.Translated = "Nein";

        var said = await CapnpTool.RunAsync("decode", Schema, "Outcomes", message.ToFrame());
        Assert.Equal(Text, Encoding.UTF8.GetString(said).Trim());
    }

    [Fact]
    public async Task The_reference_tools_are_read_by_us()
    {
        var outcomes = MessageReader.Parse(await CapnpTool.RunAsync("encode", Schema, "Outcomes", Encoding.UTF8.GetBytes(Text))).GetRoot<Outcomes.Reader>();
        Assert.Equal((true, false, "w"), (outcomes.Named.HasValue, outcomes.Named.HasError, outcomes.Named.Value.GetText()));
        Assert.Equal((false, true), (outcomes.Failed.HasValue, outcomes.Failed.HasError));
        Assert.Equal(("No such wallet", "", true), (outcomes.Failed.Error.Original, outcomes.Failed.Error.Translated, outcomes.Failed.Error.HasTranslated));

        // A success is a struct without an error, not the lack of a struct.
        Assert.Equal((true, false), (outcomes.HasDone, outcomes.Done.HasError));
        Assert.Equal(("No", "Nein"), (outcomes.Refused.Error.Original, outcomes.Refused.Error.Translated));
    }

    [Fact]
    public void What_was_never_set_is_neither_a_value_nor_an_error()
    {
        using MessageBuilder message = new();
        message.InitRoot<Outcomes.Builder>();
        var outcomes = message.ToReader().GetRoot<Outcomes.Reader>();
        Assert.Equal((false, false, false), (outcomes.HasNamed, outcomes.Named.HasValue, outcomes.Named.HasError));
        Assert.Equal("", outcomes.Refused.Error.Original);
    }
}
