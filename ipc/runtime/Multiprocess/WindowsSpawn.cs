using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Starts a program with exactly the handles it is meant to have. CreateProcess rather than the framework's process class, which
/// lets every inheritable handle of this process through.
/// </summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsSpawn
{
    private const uint ExtendedStartupInfo = 0x0008_0000;
    private const uint NewProcessGroup = 0x0000_0200;
    private const uint UseStandardHandles = 0x0000_0100;
    private const nint HandleListAttribute = 0x0002_0002; // PROC_THREAD_ATTRIBUTE_HANDLE_LIST
    private const int StandardOutput = -11;
    private const int StandardError = -12;
    private const uint SameAccess = 2;
    private const uint Infinite = 0xffff_ffff;

    /// <summary>
    /// Starts <paramref name="path"/>: no input, output and errors to ours, <paramref name="inherited"/> under its own number, and no
    /// other handle. What ends our console does not reach it.
    /// </summary>
    /// <returns>The process's handle and number.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    internal static (SafeProcessHandle Handle, int Id) Start(string path, IReadOnlyList<string> arguments, nint inherited)
    {
        var output = Inheritable(GetStandardHandle(StandardOutput));
        var errors = Inheritable(GetStandardHandle(StandardError));
        nint[] handles = [.. new[] { inherited, output, errors }.Where(handle => handle != 0).Distinct()];
        nint size = 0;
        _ = InitializeAttributes(0, 1, 0, ref size); // tells the size, and fails by that
        var attributes = Marshal.AllocHGlobal(size);
        var list = Marshal.AllocHGlobal(handles.Length * nint.Size);
        var line = Marshal.StringToHGlobalUni(WindowsCommandLine.Of(path, arguments));
        try
        {
            Marshal.Copy(handles, 0, list, handles.Length);
            Check(InitializeAttributes(attributes, 1, 0, ref size));
            try
            {
                Check(UpdateAttribute(attributes, 0, HandleListAttribute, list, handles.Length * nint.Size, 0, 0));
                StartupInfoEx startup = new()
                {
                    Info = new StartupInfo
                    {
                        Size = (uint)Marshal.SizeOf<StartupInfoEx>(),
                        Flags = UseStandardHandles,
                        Output = output,
                        Error = errors,
                    },
                    Attributes = attributes,
                };
                Check(CreateProcess(
                    path, line, 0, 0, inheritHandles: true, ExtendedStartupInfo | NewProcessGroup, 0, null, in startup, out var started));
                _ = CloseHandle(started.Thread);
                return (new SafeProcessHandle(started.Process, ownsHandle: true), (int)started.ProcessId);
            }
            finally
            {
                DeleteAttributes(attributes);
            }
        }
        finally
        {
            Marshal.FreeHGlobal(attributes);
            Marshal.FreeHGlobal(list);
            Marshal.FreeHGlobal(line);
            Close(output);
            Close(errors);
        }
    }

    /// <summary>Waits until the process has ended; blocks its thread.</summary>
    internal static void WaitForEnd(SafeProcessHandle process) => _ = WaitForObject(process, Infinite);

    /// <summary>What the process returned.</summary>
    internal static int ExitCode(SafeProcessHandle process)
    {
        Check(GetExitCode(process, out var code));
        return (int)code;
    }

    /// <summary>Ends the process.</summary>
    internal static void EndNow(SafeProcessHandle process) => _ = Terminate(process, 1);

    // A handle that a child may have; 0 if we have none ourselves.
    private static nint Inheritable(nint handle)
    {
        var self = GetCurrentProcess();
        return handle is 0 or -1 || !Duplicate(self, handle, self, out var copy, 0, inherit: true, SameAccess) ? 0 : copy;
    }

    private static void Close(nint handle)
    {
        if (handle != 0)
        {
            _ = CloseHandle(handle);
        }
    }

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateProcess(
        string path, nint commandLine, nint processAttributes, nint threadAttributes, [MarshalAs(UnmanagedType.Bool)] bool inheritHandles,
        uint flags, nint environment, string? directory, in StartupInfoEx startup, out ProcessInformation started);

    [LibraryImport("kernel32", EntryPoint = "InitializeProcThreadAttributeList", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool InitializeAttributes(nint attributes, int count, uint flags, ref nint size);

    [LibraryImport("kernel32", EntryPoint = "UpdateProcThreadAttribute", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool UpdateAttribute(
        nint attributes, uint flags, nint attribute, nint value, nint size, nint previous, nint returnSize);

    [LibraryImport("kernel32", EntryPoint = "DeleteProcThreadAttributeList")]
    private static partial void DeleteAttributes(nint attributes);

    [LibraryImport("kernel32", EntryPoint = "GetStdHandle", SetLastError = true)]
    private static partial nint GetStandardHandle(int which);

    [LibraryImport("kernel32", EntryPoint = "GetCurrentProcess")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32", EntryPoint = "DuplicateHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Duplicate(
        nint fromProcess, nint handle, nint toProcess, out nint copy, uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint options);

    [LibraryImport("kernel32", EntryPoint = "CloseHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32", EntryPoint = "WaitForSingleObject", SetLastError = true)]
    private static partial uint WaitForObject(SafeProcessHandle handle, uint milliseconds);

    [LibraryImport("kernel32", EntryPoint = "GetExitCodeProcess", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetExitCode(SafeProcessHandle process, out uint code);

    [LibraryImport("kernel32", EntryPoint = "TerminateProcess", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Terminate(SafeProcessHandle process, uint code);

    /// <summary>STARTUPINFOW: 104 bytes where pointers have 8.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StartupInfo
    {
        internal uint Size;
        internal nint Reserved;
        internal nint Desktop;
        internal nint Title;
        internal uint X;
        internal uint Y;
        internal uint Width;
        internal uint Height;
        internal uint Columns;
        internal uint Rows;
        internal uint Fill;
        internal uint Flags;
        internal ushort ShowWindow;
        internal ushort Reserved2Size;
        internal nint Reserved2;
        internal nint Input;
        internal nint Output;
        internal nint Error;
    }

    /// <summary>STARTUPINFOEXW: 112 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StartupInfoEx
    {
        internal StartupInfo Info;
        internal nint Attributes;
    }

    /// <summary>PROCESS_INFORMATION: 24 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProcessInformation
    {
        internal nint Process;
        internal nint Thread;
        internal uint ProcessId;
        internal uint ThreadId;
    }
}
