using Dash.Cli;
using Dash.Rpc.Client;

using var terminal = CliTerminal.OfConsole();
return await new CliProgram(terminal, CliArguments.Convert, TimeProvider.System).RunAsync(args, CancellationToken.None);
