using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>A call of one of the node's methods: its arguments, and the node.</summary>
internal sealed class NodeCall(RpcInvocation invocation, NodeContext node) : RpcCall(invocation)
{
    /// <summary>The node's parts.</summary>
    public NodeContext Node { get; } = node;

    /// <summary>The active chain as it was when first asked for: one call sees one chain.</summary>
    public ChainView View => field ??= Node.View;

    /// <summary>The known block of that hash.</summary>
    /// <exception cref="RpcError">Code -5.</exception>
    public BlockNode FindBlock(RpcArg<BlockHash> arg) => FindBlock(Get(arg));

    /// <summary>The known block of that hash.</summary>
    /// <exception cref="RpcError">Code -5.</exception>
    public BlockNode FindBlock(BlockHash hash) =>
        Node.Index.Find(hash) ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Block not found");

    /// <summary>A block from disk.</summary>
    /// <exception cref="RpcError">Code -1: it is not there.</exception>
    public Block ReadBlock(BlockNode node) => BlockArchive.Parse(node, ReadBlockData(node));

    /// <summary>A block's bytes from disk.</summary>
    /// <exception cref="RpcError">Code -1: it is not there.</exception>
    public byte[] ReadBlockData(BlockNode node) => node.HasData
        ? Node.Archive.ReadData(node)
        : throw new RpcError(
            RpcErrorCode.Misc, node.TransactionCount > 0 ? "Block not available (pruned data)" : "Block not found on disk");

    /// <summary>What a block spent, from disk.</summary>
    /// <exception cref="RpcError">Code -1: it is not there.</exception>
    public BlockUndo ReadUndo(BlockNode node) => node.HasUndo
        ? Node.Archive.ReadUndo(node)
        : throw new RpcError(
            RpcErrorCode.Misc, node.HasData ? "Can't read undo data from disk" : "Undo data not available (pruned data)");
}
