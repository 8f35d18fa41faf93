namespace Dash.Primitives.Scripts;

/// <summary>The stack a script works on. Elements are never changed in place, so they may be shared.</summary>
internal sealed class ScriptStack(List<byte[]> items)
{
    private static readonly byte[] True = [1];

    public int Count => items.Count;

    /// <summary>False is empty, or zeros with or without a sign.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> element)
    {
        var first = element.IndexOfAnyExcept((byte)0);
        return first >= 0 && !(first == element.Length - 1 && element[first] == 0x80);
    }

    /// <summary>The element <paramref name="depth"/> places from the top, which is 1.</summary>
    public byte[] Top(int depth = 1) => items[^depth];

    public void Push(byte[] element) => items.Add(element);

    public void Push(bool value) => items.Add(value ? True : []);

    public void Push(long value) => items.Add(ScriptNumber.Encode(value));

    public byte[] Pop()
    {
        var element = items[^1];
        items.RemoveAt(items.Count - 1);
        return element;
    }

    public void Drop(int count) => items.RemoveRange(items.Count - count, count);

    /// <summary>Puts a copy of the element at <paramref name="depth"/> on top.</summary>
    public void PushCopyOf(int depth) => items.Add(items[^depth]);

    /// <summary>Moves the element at <paramref name="depth"/> to the top.</summary>
    public void Raise(int depth)
    {
        var element = items[^depth];
        items.RemoveAt(items.Count - depth);
        items.Add(element);
    }

    /// <summary>Puts a copy of the top below the element under it.</summary>
    public void Tuck() => items.Insert(items.Count - 2, items[^1]);

    public void RemoveAt(int depth) => items.RemoveAt(items.Count - depth);

    public ScriptStack Copy() => new([.. items]);
}
