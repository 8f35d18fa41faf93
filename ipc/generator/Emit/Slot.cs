using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>
/// One parameter, result or record member in C#, and how it is read from and written to the struct's fields. Where a
/// capability has to be imported or exported, the code names a <c>connection</c>.
/// </summary>
internal sealed class Slot(
    SchemaField field, SchemaField? has, string type, Func<string, string> read, Func<string, string, IEnumerable<string>> write)
{
    public SchemaField Field { get; } = field;

    /// <summary>The type in C#, with ? if there may be nothing.</summary>
    public string Type { get; } = IsOptional(field, has) ? type + "?" : type;

    public string Pascal { get; } = Names.Of(field);

    public string Camel { get; } = Names.Camel(Names.Of(field));

    /// <summary>Whether the value is there only when something was thrown.</summary>
    public bool IsException => Field.Annotations.Has(SchemaAnnotations.ProxyException);

    /// <summary>An expression that reads the value.</summary>
    /// <param name="data">The name of the struct's reader.</param>
    public string Read(string data) => has is not null
        ? $"{data}.GetBool({has.Offset}) ? ({Type}){read(data)} : null"
        : IsOptional(Field, null)
            ? $"{data}.GetPointer({Field.Offset}).IsNull ? null : ({Type}){read(data)}"
            : read(data);

    /// <summary>Statements that write the value.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="data">The name of the struct's builder.</param>
    /// <param name="value">The value's name.</param>
    public void Write(CodeText code, string data, string value)
    {
        if (!IsOptional(Field, has))
        {
            code.Lines(write(data, value));
            return;
        }

        var present = "present" + Names.Pascal(Field.Name);
        code.Open($"if ({value} is {{ }} {present})");
        if (has is not null)
        {
            code.Line($"{data}.SetBool({has.Offset}, true);");
        }

        code.Lines(write(data, present)).Close();
    }

    private static bool IsOptional(SchemaField field, SchemaField? has) =>
        has is not null || field.Annotations.Has(SchemaAnnotations.Nullable);
}
