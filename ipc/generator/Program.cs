using Dash.Ipc.Generator;
using Dash.Ipc.Generator.Emit;
using Dash.Ipc.Generator.Schema;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

// A plugin of the capnp compiler: it reads a CodeGeneratorRequest on standard input and writes C# files into the
// current directory, one for each type.
try
{
    using var input = Console.OpenStandardInput();
    using var bytes = new MemoryStream();
    input.CopyTo(bytes);

    // The request comes from the compiler next door and is read many times over.
    var limits = new MessageLimits { TraversalWords = long.MaxValue, Nesting = 1_000 };
    var model = SchemaDecoder.Decode(MessageReader.Parse(bytes.ToArray(), limits));
    foreach (var (name, text) in new FileEmitter(model).EmitAll())
    {
        File.WriteAllText(name, text);
    }

    return 0;
}
catch (Exception error) when (error is GeneratorException or IpcFormatException or IOException)
{
    Console.Error.WriteLine("capnpc-csharp: " + error.Message);
    return 1;
}
