using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Starts a program with exactly the descriptors it is meant to have. posix_spawn rather than the framework's process
/// class,
/// which passes on no descriptor but the three standard ones. Linux with glibc.
/// </summary>
internal static partial class PosixSpawn
{
    /// <summary>More than posix_spawn_file_actions_t (80), posix_spawnattr_t (336) and sigset_t (128) take.</summary>
    private const int OpaqueSize = 512;

    private const short SetProcessGroup = 0x02;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const int Kill = 9;
    private const int ByProcessId = 1;
    private const int ExitedButKept = 0x4 | 0x01000000; // WEXITED | WNOWAIT
    private const int Interrupted = 4;

    /// <summary>
    /// Starts <paramref name="path"/>: input from nowhere, output and errors to ours, <paramref name="socket"/> as descriptor
    /// <paramref name="childDescriptor"/>, and nothing above that. Its signals are as for a fresh process, and those of our
    /// terminal don't reach it.
    /// </summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    internal static int Start(string path, IReadOnlyList<string> arguments, int socket, int childDescriptor)
    {
        var actions = Marshal.AllocHGlobal(OpaqueSize);
        var attributes = Marshal.AllocHGlobal(OpaqueSize);
        var signals = Marshal.AllocHGlobal(OpaqueSize);
        var argv = Strings([path, .. arguments]);
        var environment = Strings(EnvironmentStrings());
        try
        {
            Check(FileActionsInit(actions));
            Check(AttributesInit(attributes));
            Check(FileActionsAddOpen(actions, 0, "/dev/null", 0, 0));
            Check(FileActionsAddDuplicate(actions, socket, childDescriptor));
            Check(FileActionsAddCloseFrom(actions, childDescriptor + 1));
            Check(AttributesSetFlags(attributes, SetProcessGroup | SetSignalDefaults | SetSignalMask));
            Check(AttributesSetProcessGroup(attributes, 0));
            _ = SignalsFill(signals);
            Check(AttributesSetDefaults(attributes, signals));
            _ = SignalsClear(signals);
            Check(AttributesSetMask(attributes, signals));
            Check(Spawn(out var processId, path, actions, attributes, argv, environment));
            return processId;
        }
        finally
        {
            _ = FileActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
            Marshal.FreeHGlobal(actions);
            Marshal.FreeHGlobal(attributes);
            Marshal.FreeHGlobal(signals);
            Free(argv);
            Free(environment);
        }
    }

    /// <summary>Waits until the child has ended, and leaves its number taken; blocks its thread.</summary>
    internal static void WaitForEnd(int processId)
    {
        var info = Marshal.AllocHGlobal(OpaqueSize);
        try
        {
            while (WaitId(ByProcessId, processId, info, ExitedButKept) != 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }
        }
        finally
        {
            Marshal.FreeHGlobal(info);
        }
    }

    /// <summary>Takes note of a child that has ended: its number is free then. Exactly once for each child.</summary>
    internal static ChildExit Reap(int processId)
    {
        int status;
        while (WaitPid(processId, out status, 0) != processId)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return default; // the system was told to forget children: how it ended is lost
            }
        }

        var signal = status & 0x7f;
        return signal == 0 ? new ChildExit(status >> 8 & 0xff, null) : new ChildExit(null, signal);
    }

    /// <summary>Ends a child that was not waited for yet.</summary>
    internal static void EndNow(int processId) => _ = SendSignal(processId, Kill);

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    private static List<string> EnvironmentStrings()
    {
        List<string> strings = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            strings.Add($"{variable.Key}={variable.Value}");
        }

        return strings;
    }

    // As the C world has lists of strings: pointers to NUL-terminated ones, then a null pointer.
    private static nint[] Strings(List<string> strings)
    {
        var pointers = new nint[strings.Count + 1];
        for (var i = 0; i < strings.Count; i++)
        {
            pointers[i] = Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        return pointers;
    }

    private static void Free(nint[] strings)
    {
        foreach (var text in strings)
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int processId, string path, nint actions, nint attributes, nint[] argv, nint[] environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileActionsAddOpen(nint actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int FileActionsAddDuplicate(nint actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int FileActionsAddCloseFrom(nint actions, int first);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int AttributesSetProcessGroup(nint attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaults(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SignalsFill(nint signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalsClear(nint signals);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int processId, nint info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int processId, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
