namespace Dash.Ipc.Capabilities;

/// <summary>What kind of failure a call met, as the protocol tells them apart. The numbers are the wire's.</summary>
public enum IpcErrorKind
{
    /// <summary>The method failed; trying again would fail again.</summary>
    Failed = 0,

    /// <summary>Too much is asked at once; later it may work.</summary>
    Overloaded = 1,

    /// <summary>The way to the object is gone.</summary>
    Disconnected = 2,

    /// <summary>The object doesn't know the method or interface.</summary>
    Unimplemented = 3,
}
