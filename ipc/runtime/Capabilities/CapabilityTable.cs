using Dash.Ipc.Layout;

namespace Dash.Ipc.Capabilities;

/// <summary>What is done with all capabilities of a message at once, and the walk to one of them.</summary>
internal static class CapabilityTable
{
    /// <summary>One more reference for each entry: the table got a second owner.</summary>
    internal static void AddReferences(IEnumerable<CapabilityHandle?> table)
    {
        foreach (var entry in table)
        {
            (entry as Capability)?.AddReference();
        }
    }

    /// <summary>Gives back the table owner's references.</summary>
    internal static void Release(IEnumerable<CapabilityHandle?> table)
    {
        if (table is ICollection<CapabilityHandle?> { Count: 0 })
        {
            return; // most have none
        }

        foreach (var entry in table)
        {
            (entry as Capability)?.Release();
        }
    }

    /// <summary>The capability at a path of pointer fields in a call's results, with a reference of its own.</summary>
    /// <param name="content">Where results begin; of a bootstrap, the capability itself.</param>
    /// <param name="path">Index of the pointer field at each level.</param>
    /// <returns>A broken capability if there is none: only its users see it.</returns>
    internal static Capability At(PointerReader content, ReadOnlySpan<ushort> path)
    {
        try
        {
            foreach (var index in path)
            {
                if (content.Kind is not (PointerKind.Struct or PointerKind.Null))
                {
                    return BrokenCapability.InvalidTransform();
                }

                var level = content.GetStruct();
                if (index >= level.PointerCount)
                {
                    return BrokenCapability.InvalidTransform();
                }

                content = level.GetPointer(index);
            }

            return content.Kind switch
            {
                PointerKind.Capability when content.GetCapability() is Capability found && found.TryAddReference() => found,
                PointerKind.Capability => BrokenCapability.Null(),
                PointerKind.Null => BrokenCapability.Null(),
                _ => BrokenCapability.InvalidTransform(),
            };
        }
        catch (IpcFormatException broken)
        {
            return new BrokenCapability(IpcException.Of(broken));
        }
    }
}
