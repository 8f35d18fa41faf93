using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>
/// The plain C# record of a struct that has <c>$Cs.value("record")</c> or <c>$Cs.value("record struct")</c>: what people
/// pass to proxies and get from them.
/// </summary>
internal sealed class ValueEmitter(SchemaModel model, Names names)
{
    /// <summary>Opens the record and writes the methods that read and write it.</summary>
    public void Open(CodeText code, SchemaNode node, string kind)
    {
        var head = kind switch
        {
            "record" => "public sealed partial record",
            "record struct" => "public readonly partial record struct",
            _ => throw new GeneratorException($"{node.DisplayName}: $Cs.value is \"record\" or \"record struct\"."),
        };
        if (node.DiscriminantCount > 0 || node.Fields.Any(f => f.Type is null))
        {
            throw new GeneratorException($"{node.DisplayName}: a value has no unions and groups.");
        }

        var name = Names.Short(node);
        var slots = new SlotList(model, names, node).Slots;
        foreach (var slot in slots)
        {
            code.Line($"/// <param name=\"{slot.Pascal}\">{Docs.Line(slot.Field.Doc, $"The field {slot.Field.Name}.")}</param>");
        }

        var parameters = string.Join(", ", slots.Select(s => $"{s.Type} {s.Pascal}"));
        code.Open($"{head} {name}({parameters})");
        code.Gap().Doc("", $"Reads a {name} from a message.")
            .Open($"public static {name} Read(StructReader data)")
            .Line($"return new {name}({string.Join(", ", slots.Select(s => s.Read("data")))});")
            .Close();
        code.Gap().Doc("", $"Writes this {name} into a message.").Open("public void Write(StructBuilder data)");
        foreach (var slot in slots)
        {
            slot.Write(code, "data", slot.Pascal);
        }

        code.Close();
    }
}
