using System.Diagnostics;

namespace Dash.Ipc.Tests.Interop;

/// <summary>The peer made with the C++ library, of <c>interop.c++</c> beside this file.</summary>
internal static class InteropProgram
{
    private static readonly CppProgram Program = new(
        "interop",
        ["runtime/tests/Interop/interop.capnp", "runtime/Multiprocess/proxy.capnp", "interfaces/csharp.capnp"],
        ["runtime/tests/Interop/interop.c++", "runtime/tests/Interop/peer.h"]);

    /// <summary>Starts it with these arguments.</summary>
    internal static Task<Process> StartAsync(params string[] arguments) => Program.StartAsync(arguments);

    /// <summary>Where it is.</summary>
    internal static Task<string> PathAsync() => Program.PathAsync();
}
