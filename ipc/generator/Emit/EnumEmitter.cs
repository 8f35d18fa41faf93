using Dash.Ipc.Generator.Schema;

namespace Dash.Ipc.Generator.Emit;

/// <summary>A schema's enum as a C# enum. A number unknown to our schema is kept as it came.</summary>
internal static class EnumEmitter
{
    public static CodeText Emit(SchemaNode node)
    {
        var code = new CodeText();
        Emit(code, node);
        return code;
    }

    public static void Emit(CodeText code, SchemaNode node)
    {
        code.Doc(node.Doc, $"The enum {node.Name} of the schema.").Open($"public enum {Names.Short(node)} : ushort");
        for (var i = 0; i < node.Enumerants.Count; i++)
        {
            code.Gap().Doc(node.Enumerants[i].Doc, $"{node.Enumerants[i].Name}.")
                .Line($"{Names.Of(node.Enumerants[i])} = {i},");
        }

        code.Close();
    }
}
