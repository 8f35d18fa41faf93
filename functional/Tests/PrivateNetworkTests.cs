using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>What -allowprivatenet changes: it holds for a whole process.</summary>
public sealed class PrivateNetworkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Addresses_of_private_networks_are_known_if_the_option_says_so(bool isAllowed)
    {
        using TempDirectory directory = new();
        await using TestNode node = new(directory.Path, isAllowed ? "-allowprivatenet" : "-allowprivatenet=0");
        await node.StartAsync();
        foreach (var (address, isTaken) in new (string, bool)[]
        {
            ("10.1.2.3", isAllowed), ("172.16.5.1", isAllowed), ("192.168.7.7", isAllowed), ("172.32.5.1", true), ("169.254.1.1", false), ("127.0.0.1", false),
        })
        {
            var answer = await node.Rpc.CallAsync("addpeeraddress", address, 9999);
            Assert.Equal($"{address} {isTaken}", $"{address} {answer.GetProperty("success").GetBoolean()}");
        }

        var known = await node.Rpc.CallAsync("getnodeaddresses", 0);
        Assert.Equal(isAllowed ? 4 : 1, known.GetArrayLength());
        Assert.All(known.EnumerateArray(), static peer => Assert.Equal("ipv4", peer.GetProperty("network").GetString()));
    }
}
