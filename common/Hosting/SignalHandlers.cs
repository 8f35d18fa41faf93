using System.Runtime.InteropServices;

namespace Dash.Common.Hosting;

/// <summary>While it lives, SIGTERM and SIGINT stop the daemon in order and SIGHUP opens its log anew.</summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly List<PosixSignalRegistration> _handlers = [];

    /// <param name="daemon">What to stop.</param>
    /// <param name="isChild">Ctrl-C reaches every process of the terminal; a child ends when its parent tells it to.</param>
    public SignalHandlers(Daemon daemon, bool isChild)
    {
        Handle(PosixSignal.SIGTERM, daemon.Stop);
        Handle(PosixSignal.SIGINT, isChild ? () => { } : daemon.Stop);
        Handle(PosixSignal.SIGHUP, daemon.Log.Reopen);
    }

    public void Dispose()
    {
        foreach (var handler in _handlers) handler.Dispose();
    }

    private void Handle(PosixSignal signal, Action action) =>
        _handlers.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true; // ours to handle; the runtime would end the process
            action();
        }));
}
