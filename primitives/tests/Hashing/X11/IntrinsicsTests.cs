using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dash.Primitives.Tests.Hashing.X11;

public sealed class IntrinsicsTests
{
    /// <summary>With the value 0 the runtime compiles as for a processor that has none.</summary>
    internal const string Switch = "DOTNET_EnableHWIntrinsic";

    /// <summary>Whether this process was started so.</summary>
    internal static bool AreOff => Environment.GetEnvironmentVariable(Switch) == "0";

    [Fact]
    public void A_process_told_so_uses_no_intrinsics() =>
        Assert.False(AreOff && (Aes.IsSupported || Avx2.IsSupported || Vector256.IsHardwareAccelerated));
}
