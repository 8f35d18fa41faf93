using Dash.Common.Hosting;
using Dash.Node;

return await DaemonProgram.RunAsync(
    new DaemonProfile("dash-node", NodeOptions.All)
    {
        Usage = "Usage:  dash-node [options]\n\nA Dash node. Unless -disablewallet is given it starts dash-wallet beside it and answers its calls as well.\n",
    },
    args,
    daemon => new NodeDaemon(daemon, args).StartAsync());
