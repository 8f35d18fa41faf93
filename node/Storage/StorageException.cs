namespace Dash.Node.Storage;

/// <summary>The disk or a database failed, or what they hold is broken; the node stops with this text.</summary>
internal sealed class StorageException : Exception
{
    /// <summary>A failure described by <paramref name="message"/>.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>A failure described by <paramref name="message"/> and what caused it.</summary>
    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether a database said so; otherwise it is about what lies in files, or how parts fit each other.</summary>
    public bool IsDatabase { get; init; }
}
