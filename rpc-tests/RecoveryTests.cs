using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>A wallet made anew of its words finds in one rescan all that its look-ahead leads to.</summary>
public sealed class RecoveryTests
{
    private const string Words = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    // In one transaction the first address and one beyond the look-ahead are paid, and only later one in between.
    [Fact]
    public async Task What_an_early_payment_pays_beyond_the_look_ahead_counts_once_a_later_one_leads_there()
    {
        await using var attached = await AttachedWallets.OpenAsync(keypoolSize: 10);
        var wallets = attached.Wallets;
        foreach (var name in (string[])["alice", "bob"])
        {
            await wallets.CallAsync("", "createwallet", $"\"{name}\",false,true");
        }

        await wallets.CallAsync("alice", "upgradetohd", $"\"{Words}\",\"\",\"\",false");
        await wallets.CallAsync("bob", "upgradetohd");
        var miner = (await wallets.CallAsync("bob", "getnewaddress")).GetString()!; // it was just made
        List<string> addresses = [];
        for (var i = 0; i < 13; i++)
        {
            addresses.Add((await wallets.CallAsync("alice", "getnewaddress")).GetString()!); // and so were these
        }

        await MineAsync(102);
        await wallets.CallAsync("bob", "sendmany", $"\"\",{{\"{addresses[0]}\":1,\"{addresses[12]}\":2}}");
        await MineAsync(1);
        await wallets.CallAsync("bob", "sendtoaddress", $"\"{addresses[5]}\",4");
        await MineAsync(1);
        await wallets.CallAsync("", "createwallet", "\"again\",false,true");
        await wallets.CallAsync("again", "upgradetohd", $"\"{Words}\"");

        Assert.Equal(7, (await wallets.CallAsync("alice", "getbalance")).GetDecimal());
        Assert.Equal(7, (await wallets.CallAsync("again", "getbalance")).GetDecimal());
        Assert.Equal(2, (await wallets.CallAsync("again", "getreceivedbyaddress", $"\"{addresses[12]}\"")).GetDecimal());
        Assert.Equal(3, (await wallets.CallAsync("again", "listunspent")).GetArrayLength());

        Task MineAsync(int count) =>
            attached.Node.AskAsync($$"""{"method":"generatetoaddress","params":[{{count}},"{{miner}}"],"id":0}""");
    }
}
