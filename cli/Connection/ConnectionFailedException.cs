namespace Dash.Cli.Connection;

/// <summary>The server is not there, or not ready: worth another try with -rpcwait.</summary>
internal sealed class ConnectionFailedException(string message) : CliException(message);
