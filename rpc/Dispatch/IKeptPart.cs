namespace Dash.Rpc.Dispatch;

/// <summary>What somebody keeps to make answers of, among the answers of <see cref="KnownAnswers"/>.</summary>
public interface IKeptPart
{
    /// <summary>Its bytes.</summary>
    public long Bytes { get; }

    /// <summary>Keeps nothing from now on. Any thread; may wait for who uses it.</summary>
    public void Drop();
}
