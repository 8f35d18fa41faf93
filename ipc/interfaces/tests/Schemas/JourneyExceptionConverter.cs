using Dash.Ipc.Layout;

namespace Dash.Ipc.Interfaces.Tests.Schemas;

/// <summary>The exception as its text; an empty text is an exception too.</summary>
internal static class JourneyExceptionConverter
{
    public static JourneyException Read(PointerReader pointer) => new(pointer.GetText());

    public static void Write(PointerBuilder pointer, JourneyException value) => pointer.SetText(value.Message);
}
