using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Blocks;
using Dash.Primitives.Scripts;

namespace Dash.Node.Mining;

/// <summary>
/// The block that miners work on: made anew when the tip changes, or when the mempool has changed and the last one is some
/// seconds old. Validation loop only.
/// </summary>
internal sealed class TemplateSource(BlockAssembler assembler, TxMempool mempool, Clock clock)
{
    // Core: in seconds; making one costs more than handing out an old one.
    private const int MaxAge = 5;

    // Miners pay whom they like.
    private static readonly Script AnyonesScript = new ScriptBuilder().Op(Opcode.Op1).Build();

    private BlockNode? _tip;
    private BlockTemplate? _template;
    private long _madeAt;

    /// <summary>The state of the mempool in the template that was given last.</summary>
    public uint Updates { get; private set; }

    /// <summary>The template, its time as late as it is.</summary>
    public BlockTemplate Get(Chainstate chainstate)
    {
        var tip = chainstate.View.Tip;
        if (_template is null || _tip != tip || (mempool.Updates != Updates && clock.UnixSeconds - _madeAt > MaxAge))
        {
            _tip = null;
            Updates = mempool.Updates;
            _madeAt = clock.UnixSeconds;
            _template = assembler.Create(AnyonesScript);
            _tip = tip;
        }

        _template = _template with
        {
            Block = new Block(assembler.Refresh(_template.Block.Header, tip), _template.Block.Transactions),
        };
        return _template;
    }
}
