using System.Runtime.InteropServices;

namespace Dash.Common.Zmq;

/// <summary>The calls of libzmq that a publisher needs. The library is loaded with the first of them.</summary>
internal static partial class ZmqLibrary
{
    /// <summary>A socket that sends to all who subscribed.</summary>
    public const int Publisher = 1;

    /// <summary>Option: for how long to hold back messages when closing, ms.</summary>
    public const int Linger = 17;

    /// <summary>Option: messages a subscriber may be behind before he misses some.</summary>
    public const int SendHighWaterMark = 23;

    /// <summary>Option: keep idle connections of TCP open.</summary>
    public const int TcpKeepAlive = 34;

    /// <summary>Option: use IPv6.</summary>
    public const int Ipv6 = 42;

    /// <summary>Flag: more parts follow.</summary>
    public const int SendMore = 2;

    private const string Name = "libzmq.so.5";

    [LibraryImport(Name, EntryPoint = "zmq_version")]
    public static partial void Version(out int major, out int minor, out int patch);

    [LibraryImport(Name, EntryPoint = "zmq_ctx_new")]
    public static partial nint NewContext();

    [LibraryImport(Name, EntryPoint = "zmq_ctx_term")]
    public static partial int EndContext(nint context);

    [LibraryImport(Name, EntryPoint = "zmq_socket")]
    public static partial nint NewSocket(nint context, int type);

    [LibraryImport(Name, EntryPoint = "zmq_close")]
    public static partial int CloseSocket(nint socket);

    [LibraryImport(Name, EntryPoint = "zmq_setsockopt")]
    public static partial int SetOption(nint socket, int option, in int value, nuint size);

    [LibraryImport(Name, EntryPoint = "zmq_bind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Bind(nint socket, string address);

    [LibraryImport(Name, EntryPoint = "zmq_send")]
    public static partial int Send(nint socket, ReadOnlySpan<byte> data, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "zmq_errno")]
    public static partial int LastError();

    [LibraryImport(Name, EntryPoint = "zmq_strerror")]
    private static partial nint ErrorText(int error);

    /// <summary>What went wrong last on this thread.</summary>
    public static string Explain() => Marshal.PtrToStringUTF8(ErrorText(LastError())) ?? "";

    /// <summary>Sets an option; false when it can't be.</summary>
    public static bool TrySet(nint socket, int option, int value) => SetOption(socket, option, value, sizeof(int)) == 0;
}
