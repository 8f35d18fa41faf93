using Dash.WalletServer;

return WalletDaemon.IsAskedFor(args, out var refusal) ? await WalletDaemon.RunAsync(args) : await RefuseAsync(refusal);

static async Task<int> RefuseAsync(string refusal)
{
    await Console.Error.WriteLineAsync(refusal);
    return 1;
}
