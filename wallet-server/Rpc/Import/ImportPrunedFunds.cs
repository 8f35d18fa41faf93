using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Import;

internal static class ImportPrunedFunds
{
    private static readonly RpcArg<string> Text = Arg.HexText("rawtransaction", "A transaction that pays the wallet.");
    private static readonly RpcArg<byte[]> Proof = Arg.Hex("txoutproof",
        "Where it is: what gettxoutproof said of it.", errorName: "proof");

    public static readonly WalletMethod Method = new("wallet", "importprunedfunds",
        "Takes a transaction in without a rescan. Its addresses must be the wallet's already; that nobody has spent it\n" +
        "is the caller's to know.")
    {
        Args = [Text, Proof],
        Results = [Result.None()],
        Examples = [Example.Cli("\"rawtransaction\" \"txoutproof\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        if (!TransactionArgs.TryParse(call.Get(Text), out var tx))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed. Make sure the tx has at least one input.");
        }

        if (!MerkleBlock.TryParse(call.Get(Proof), out var proof))
        {
            throw new RpcError(RpcErrorCode.Misc, "DataStream::read(): end of data: iostream error");
        }

        if (!proof.TryProve(out var matches))
        {
            throw Refused("Something wrong with merkleblock");
        }

        var header = await call.Context.Node.Require().Feed.GetBlockHeaderInfoAsync(proof.Header.Hash, ct);
        if (header is not { OnActiveChain: true } || header.Height > wallet.Snapshot.Tip.Height)
        {
            throw Refused("Block not found in chain");
        }

        var places = matches.Where(match => match.Txid == tx.Txid).Select(static match => match.Index).ToList();
        if (places.Count == 0)
        {
            throw Refused("Transaction given doesn't exist in proof");
        }

        if (!tx.Outputs.Any(output => wallet.Snapshot.IsMine(output.ScriptPubKey)))
        {
            throw Refused("No addresses in wallet correspond to included transaction");
        }

        var block = new BlockFacts(header.Hash, header.Height, proof.Header.Previous, header.Time, header.MedianTime, default);
        await wallet.AddConfirmedAsync(block, new MatchedTx(places[0], tx), ct);
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidAddressOrKey, message);
}
