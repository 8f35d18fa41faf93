using Dash.WalletServer.Ledger;

namespace Dash.RpcTests.Support;

/// <summary>Wallets that follow a node, both in process and below a directory of their own, from a fixed time on.</summary>
internal sealed class AttachedWallets : IAsyncDisposable
{
    public const long Start = 1_700_000_000;

    private AttachedWallets(string directory, NodeFixture node, WalletFixture wallets)
    {
        Directory = directory;
        Node = node;
        Wallets = wallets;
    }

    public string Directory { get; }

    public NodeFixture Node { get; }

    public WalletFixture Wallets { get; }

    public static async Task<AttachedWallets> OpenAsync(int keypoolSize)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("dash-wallets-").FullName;
        var node = await NodeFixture.OpenAsync(Path.Combine(directory, "node"), Start);
        WalletFixture wallets = new(node, Path.Combine(directory, "wallets"), WalletSettings.Default with { KeypoolSize = keypoolSize });
        wallets.Attach();
        return new AttachedWallets(directory, node, wallets);
    }

    public async ValueTask DisposeAsync()
    {
        await Wallets.DisposeAsync();
        await Node.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
