using Dash.Common.Hosting;
using Dash.Node;

return await DaemonProgram.RunAsync(
    new DaemonProfile("dash-node", NodeOptions.All)
    {
        Usage = "Usage:  dash-node [options]\n\nA Dash node. Unless -disablewallet is given it starts dash-wallet beside it and answers its calls as well.\nIt takes every option of dash-wallet too and hands it on: dash-wallet -help lists them.\n",
    },
    args,
    daemon => new NodeDaemon(daemon, args).StartAsync());
