using Dash.Common.Hosting;
using Dash.WalletServer;
using Dash.WalletServer.Tool;

if (OfflineTool.IsAskedFor(args))
{
    DataDirectory.KeepFilesPrivate();
    return OfflineTool.Run(args, Console.Out, Console.Error);
}

return WalletDaemon.IsAskedFor(args, out var refusal) ? await WalletDaemon.RunAsync(args) : await RefuseAsync(refusal);

static async Task<int> RefuseAsync(string refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 1;
}
