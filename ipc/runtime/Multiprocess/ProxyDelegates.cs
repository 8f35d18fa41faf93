using Dash.Ipc.Layout;

namespace Dash.Ipc.Multiprocess;

/// <summary>
/// Writes a call's arguments into its parameter struct. Capabilities set belong to the message from then on.
/// </summary>
/// <typeparam name="TArgs">The arguments, as one value.</typeparam>
public delegate void WriteParams<in TArgs>(StructBuilder parameters, TArgs args, ProxyConnection connection);

/// <summary>Reads a call's results; the struct is gone afterwards.</summary>
/// <typeparam name="TResult">The results, as one value.</typeparam>
public delegate TResult ReadResults<out TResult>(StructReader results, ProxyConnection connection);
