using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class DumpTxOutSet
{
    private const int BufferSize = 1 << 20;

    private static readonly RpcArg<string> FilePath = Arg.Str("path", "The file; a relative path is inside the network's directory.");

    public static readonly NodeMethod Method = new("hidden", "dumptxoutset", "Writes all unspent outputs to a file.")
    {
        Args = [FilePath],
        Results =
        [
            Result.Obj(
                Result.Num("coins_written", "Outputs written."),
                Result.Hex("base_hash", "The block they are those of."),
                Result.Num("base_height", "Its height."),
                Result.Str("path", "Full path of the file."),
                Result.Hex("txoutset_hash", "Hash of the set, as by gettxoutsetinfo."),
                Result.Num("nchaintx", "Transactions of the chain up to the block.")),
        ],
        Examples = [Example.Cli("utxo.dat")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var path = Path.GetFullPath(call.Get(FilePath), call.Node.Directory);
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter,
                $"{path} already exists. If you are sure this is what you want, move it out of the way first");
        }

        var unfinished = path + ".incomplete";
        FileStream file;
        try
        {
            file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Couldn't open file {unfinished} for writing.", e);
        }

        await using (file)
        {
            var (counted, coins) = await call.Node.Validation.PostAsync(
                (chainstate, stop) => (chainstate.CountCoins(CoinHash.Serialized, stop), chainstate.OpenCoins()), ct);
            ByteWriter writer = new();
            writer.WriteUint256(counted.Block.Hash.Value);
            writer.WriteUInt64((ulong)counted.Outputs);
            foreach (var (outPoint, coin) in coins)
            {
                writer.WriteUint256(outPoint.Txid.Value);
                writer.WriteUInt32(outPoint.Index);
                CoinCodec.WriteCoin(writer, coin);
                if (writer.Length > BufferSize)
                {
                    ct.ThrowIfCancellationRequested();
                    file.Write(writer.WrittenSpan);
                    writer.Clear();
                }
            }

            file.Write(writer.WrittenSpan);
            result.WriteStartObject();
            result.WriteNumber("coins_written", counted.Outputs);
            result.WriteHash("base_hash", counted.Block.Hash);
            result.WriteNumber("base_height", counted.Block.Height);
            result.WriteString("path", path);
            result.WriteHash("txoutset_hash", counted.SerializedHash);
            result.WriteNumber("nchaintx", counted.Block.ChainTransactionCount);
            result.WriteEndObject();
        }

        File.Move(unfinished, path);
    }
}
