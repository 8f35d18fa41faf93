namespace Dash.Node.Storage;

/// <summary>Where a record's bytes start in a numbered file: after its magic and length.</summary>
/// <param name="File">Number of the file.</param>
/// <param name="Offset">Offset of the first byte of the block or undo data.</param>
internal readonly record struct FilePosition(int File, uint Offset);
