using Dash.Ipc.Capabilities;

namespace Dash.Ipc.Connections;

/// <summary>
/// What the peer holds of ours, by number and by object: an object has one number. Not for concurrent use.
/// </summary>
internal sealed class ExportTable
{
    private readonly SlotTable<Export> _byId = new();
    private readonly Dictionary<Capability, Export> _byCapability = new(ReferenceEqualityComparer.Instance);

    internal int Count => _byId.Count;

    internal Export? this[uint id] => _byId[id];

    /// <summary>The number of a capability that the peer holds, or null.</summary>
    internal uint? NumberOf(Capability capability) => _byCapability.GetValueOrDefault(capability)?.Id;

    /// <summary>Counts one more sending of the capability.</summary>
    /// <param name="capability">A reference is taken if it is new here.</param>
    /// <param name="isNew">Whether it got a number just now.</param>
    internal Export Add(Capability capability, out bool isNew)
    {
        isNew = !_byCapability.TryGetValue(capability, out var export);
        if (export is null)
        {
            export = new Export(_byId.Next, capability.AddReference());
            _byId.Add(export);
            _byCapability.Add(capability, export);
        }

        export.References++;
        return export;
    }

    /// <summary>The peer gives back some of its references.</summary>
    /// <returns>The capability whose table reference the caller releases, outside of any lock; null if it stays.</returns>
    /// <exception cref="IpcException">The peer doesn't hold that many.</exception>
    internal Capability? Release(uint id, uint count)
    {
        var export = _byId[id] ?? throw new IpcException("Tried to release invalid export ID.");
        if (count > export.References)
        {
            throw new IpcException("Tried to drop export's refcount below zero.");
        }

        export.References -= count;
        if (export.References > 0)
        {
            return null;
        }

        _byId.Remove(id);
        _byCapability.Remove(export.Capability);
        return export.Capability;
    }

    /// <summary>Empties the table; the caller releases what was in it.</summary>
    internal List<Capability> Clear()
    {
        _byCapability.Clear();
        return [.. _byId.Clear().Select(export => export.Capability)];
    }
}
