using System.Diagnostics.CodeAnalysis;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Layout;
using Dash.Ipc.Messages;

namespace Dash.Ipc.Connections;

/// <summary>
/// A call of the peer, from its arrival until the peer finished it.
/// <code>
/// Running --completed: Return--> Returned --Finish--> gone
///    \--Finish: cancelled--> completed: Return canceled --> gone
/// </code>
/// Properties are protected by the connection's lock.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A source without a timer holds nothing.")]
internal sealed class Answer : CallContext
{
    private readonly Connection _connection;
    private readonly MessageReader _message;
    private readonly PointerReader _params;
    private readonly CancellationTokenSource _cancelled = new();
    private MessageBuilder? _results;
    private Payload.Builder _payload;

    /// <param name="connection">Where it came from.</param>
    /// <param name="id">The peer's number for it.</param>
    /// <param name="message">What brought it, with its capability table; the answer owns one reference to each entry.</param>
    /// <param name="call">Interface and method.</param>
    /// <param name="content">The parameters.</param>
    /// <param name="keepsResults">Whether results are kept here, for a call of ours to take.</param>
    internal Answer(
        Connection connection, uint id, MessageReader message, (ulong InterfaceId, ushort MethodId) call,
        PointerReader content, bool keepsResults)
        : base(call.InterfaceId, call.MethodId)
    {
        _connection = connection;
        Id = id;
        _message = message;
        _params = content;
        KeepsResults = keepsResults;
    }

    internal uint Id { get; }

    /// <summary>Whether the peer asked to keep the results here (<c>sendResultsTo.yourself</c>).</summary>
    internal bool KeepsResults { get; }

    /// <summary>Whether it has been answered.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>Whether the peer gave it up before it was answered.</summary>
    internal bool IsFinished { get; set; }

    /// <summary>Why there are no results, once returned.</summary>
    internal IpcException? Failure { get; set; }

    /// <summary>
    /// The results as sent, kept while capabilities in them may be addressed: exactly these, whatever becomes of them.
    /// </summary>
    internal OutgoingFrame? Kept { get; set; }

    /// <summary>Numbers of exports named in the results, one for each time.</summary>
    internal List<uint>? ResultExports { get; set; }

    /// <summary>
    /// Promises made of the results before there were any, in order; one reference to each belongs here. They stay
    /// until the
    /// end: calls that still arrive for their places must not overtake those that wait in them.
    /// </summary>
    internal List<(ushort[] Path, QueuedCapability Promise)> Pipelined { get; } = [];

    /// <summary>The call of ours that takes the results, if they are kept.</summary>
    internal Question? Consumer { get; set; }

    internal override PointerReader ParamsPointer => _params;

    internal override PointerBuilder ResultsPointer
    {
        get
        {
            if (_results is null)
            {
                _results = ProtocolWriter.ReturnResults(Id, out _payload);
                _results.IsPublic = IsPublic;
            }

            return _payload.Content;
        }
    }

    internal override IList<CapabilityHandle?> ResultCapabilities => _results?.Capabilities ?? [];

    internal override int ParamsSize => _message.TotalWords * 8;

    internal override int ResultsSize => (_results?.TotalWords ?? 0) * 8;

    internal override CancellationToken Cancelled => _cancelled.Token;

    internal override void Complete()
    {
        _ = ResultsPointer; // a call without results has an empty payload
        _connection.ReturnResults(this, _results!, _payload); // made by the line above
        EndParams();
    }

    internal override void Fail(IpcException failure)
    {
        _connection.ReturnFailure(this, failure);
        if (_results is not null)
        {
            CapabilityTable.Release(_results.Capabilities);
            _results.Dispose();
        }

        EndParams();
    }

    internal override void WipeParams() => _message.Wipe();

    /// <summary>Tells the method that nobody waits for it. Its registrations run on the pool.</summary>
    internal void Cancel() => _ = _cancelled.CancelAsync();

    /// <summary>What is released, under no lock, when the peer can no longer address the results.</summary>
    internal Held TakeHeld()
    {
        var held = new Held(Kept, [.. Pipelined.Select(entry => entry.Promise)]);
        Kept = null;
        Pipelined.Clear();
        return held;
    }

    /// <summary>The results, kept.</summary>
    internal PointerReader KeptContent => Kept is null
        ? default
        : Message.Reader.From(Kept.Message.Root.AsReader().GetStruct()).Return.Results.Content;

    private void EndParams()
    {
        CapabilityTable.Release(_message.Capabilities);
        _connection.EndCall(this);
    }
}
