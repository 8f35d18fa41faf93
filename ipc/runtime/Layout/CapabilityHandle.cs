namespace Dash.Ipc.Layout;

/// <summary>
/// What a capability pointer stands for. The layout only keeps these in a message's table and hands them out by index;
/// what they can do is known further up.
/// </summary>
public abstract class CapabilityHandle
{
}
