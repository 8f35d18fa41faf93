using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Keys;

/// <summary>Which keychain a script belongs to, and its index there.</summary>
internal readonly record struct ScriptPlace(int Keychain, int Index);

/// <summary>A script as the index knows it: two keyed hashes of it.</summary>
internal readonly record struct ScriptMark(ScriptPlace Place, ulong Hash, ulong Check)
{
    /// <summary>The only public key of a script that was just derived, compressed, to be stored with the mark; else null.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Another keychain had the script before.</summary>
    public bool IsShared { get; init; }
}

/// <summary>
/// All scripts a wallet watches, as 128 bits of a keyed hash each: about 24 bytes an address. Snapshots share it: decisions add to it
/// while they are made, and an older snapshot that sees a newer script sees nothing untrue. What is not stored in the end is taken
/// back. Of a script that several keychains have, which is rare, the table holds the first; the others stand beside it. One writer, any
/// readers, no lock.
/// </summary>
internal sealed class ScriptIndex
{
    /// <summary>The length of the key, bytes.</summary>
    public const int SaltSize = 16;

    private readonly ulong _salt;
    private readonly ulong _otherSalt;
    private readonly List<ScriptMark> _fresh = []; // since the last Keep, those that were taken to be stored first
    private int _taken;
    private Table _table;
    private int _count;
    private int _version;
    private ImmutableDictionary<(ulong Hash, ulong Check), ImmutableArray<ScriptPlace>> _others =
        ImmutableDictionary<(ulong Hash, ulong Check), ImmutableArray<ScriptPlace>>.Empty;

    /// <summary>An empty index with a key of its own, so that nobody can prepare scripts that collide.</summary>
    public ScriptIndex()
        : this(RandomNumberGenerator.GetBytes(SaltSize), 0)
    {
    }

    /// <summary>An empty index with a key that was used before.</summary>
    /// <param name="salt">The key, <see cref="SaltSize"/> bytes.</param>
    /// <param name="room">How many scripts it should hold without growing.</param>
    public ScriptIndex(ReadOnlySpan<byte> salt, int room)
    {
        _salt = BinaryPrimitives.ReadUInt64LittleEndian(salt);
        _otherSalt = BinaryPrimitives.ReadUInt64LittleEndian(salt[8..]);
        _table = new Table((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1024, (room * 4L / 3) + 1)));
    }

    /// <summary>How many scripts.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Another number whenever other scripts are watched: what was searched for under the same one is still the same.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>The keyed hash by which a script is known here, watched or not.</summary>
    public ulong HashOf(ReadOnlySpan<byte> script) => Hash(script, _salt);

    /// <summary>How many scripts several keychains have.</summary>
    public int SharedCount => Volatile.Read(ref _others).Count;

    /// <summary>Is the script watched, and which one is it? Where several keychains have it, the one that had it first.</summary>
    public bool TryFind(ReadOnlySpan<byte> script, out ScriptPlace place)
    {
        var hash = Hash(script, _salt);
        var table = Volatile.Read(ref _table);
        for (var slot = (int)hash & table.Mask; ; slot = (slot + 1) & table.Mask)
        {
            var stored = Volatile.Read(ref table.Hashes[slot]);
            if (stored == 0)
            {
                place = default;
                return false;
            }

            if (stored == hash && table.Checks[slot] == Hash(script, _otherSalt))
            {
                place = table.Places[slot];
                return true;
            }
        }
    }

    /// <summary>The places of a watched script in further keychains; mostly there are none.</summary>
    public ImmutableArray<ScriptPlace> OthersOf(ReadOnlySpan<byte> script)
    {
        var others = Volatile.Read(ref _others);
        return !others.IsEmpty && others.TryGetValue((Hash(script, _salt), Hash(script, _otherSalt)), out var places) ? places : [];
    }

    /// <summary>Watches the scripts of a keychain from one index up to (not including) another. The writer's.</summary>
    public void Add(int place, Keychain keychain, int from, int to)
    {
        for (var index = from; index < to; index++)
        {
            var key = keychain.KeysAt(index) is [{ Key: { IsCompressed: true } only }] ? only.ToArray() : null;
            foreach (var script in keychain.ScriptsAt(index))
            {
                Add(script, new ScriptPlace(place, index), key);
            }
        }
    }

    /// <summary>Watches a script that was marked before with the same key. The writer's.</summary>
    public void Add(ScriptMark mark) => Put(mark, isFresh: false);

    /// <summary>Marks made since the last call, to be stored. The writer's.</summary>
    public IReadOnlyList<ScriptMark> TakeFresh()
    {
        ScriptMark[] fresh = [.. _fresh.Skip(_taken)];
        _taken = _fresh.Count;
        return fresh;
    }

    /// <summary>What was taken is stored: it stays. The writer's.</summary>
    public void Keep()
    {
        _fresh.Clear();
        _taken = 0;
    }

    /// <summary>What was marked and not taken is of a change that was refused: it is not watched. The writer's.</summary>
    public void DropFresh() => Drop(_taken);

    /// <summary>Nothing that was marked since the last <see cref="Keep"/> could be stored: it is not watched. The writer's.</summary>
    public void TakeBack() => Drop(0);

    // Nothing can leave a table that others read, so there is a new one; it happens when a disk is full.
    private void Drop(int from)
    {
        if (from == _fresh.Count)
        {
            return;
        }

        var dropped = _fresh.Skip(from).ToLookup(static mark => mark.IsShared);
        foreach (var mark in dropped[true])
        {
            var left = _others[(mark.Hash, mark.Check)].Remove(mark.Place);
            Volatile.Write(ref _others, left.IsEmpty ? _others.Remove((mark.Hash, mark.Check)) : _others.SetItem((mark.Hash, mark.Check), left));
        }

        HashSet<(ulong, ulong)> alone = [.. dropped[false].Select(static mark => (mark.Hash, mark.Check))];
        if (alone.Count > 0)
        {
            Volatile.Write(ref _table, _table.Copy(_table.Hashes.Length, (hash, check) => !alone.Contains((hash, check))));
        }

        _fresh.RemoveRange(from, _fresh.Count - from);
        _taken = Math.Min(_taken, from);
        Volatile.Write(ref _count, _count - alone.Count);
        Volatile.Write(ref _version, _version + 1);
    }

    private void Add(Script script, ScriptPlace place, byte[]? key) =>
        Put(new ScriptMark(place, Hash(script.Span, _salt), Hash(script.Span, _otherSalt)) { Key = key }, isFresh: true);

    // One that is watched already keeps its place, and has another one beside it if that is another keychain's.
    private void Put(ScriptMark mark, bool isFresh)
    {
        var table = _table;
        if ((_count + 1) * 4L > table.Hashes.Length * 3L)
        {
            table = table.Copy(table.Hashes.Length * 2, static (_, _) => true);
            Volatile.Write(ref _table, table);
        }

        if (table.Put(mark.Hash, mark.Check, mark.Place) is { } first)
        {
            Share(mark, first, isFresh);
            return;
        }

        if (isFresh)
        {
            _fresh.Add(mark);
        }

        Volatile.Write(ref _count, _count + 1);
        Volatile.Write(ref _version, _version + 1);
    }

    // What is watched is the same as before.
    private void Share(ScriptMark mark, ScriptPlace first, bool isFresh)
    {
        var others = _others.GetValueOrDefault((mark.Hash, mark.Check), []);
        if (first.Keychain == mark.Place.Keychain || others.Any(other => other.Keychain == mark.Place.Keychain))
        {
            return;
        }

        Volatile.Write(ref _others, _others.SetItem((mark.Hash, mark.Check), others.Add(mark.Place)));
        if (isFresh)
        {
            _fresh.Add(mark with { IsShared = true });
        }
    }

    // Multiply and fold, eight bytes at a time, keyed by the salt; zero stands for an empty slot.
    private static ulong Hash(ReadOnlySpan<byte> script, ulong salt)
    {
        const ulong first = 0xa0761d6478bd642f;
        const ulong second = 0xe7037ed1a0b428db;
        var hash = salt ^ Fold((ulong)script.Length ^ first, salt ^ second);
        while (script.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(script) ^ first, salt ^ second);
            script = script[8..];
        }

        if (script.Length > 0)
        {
            Span<byte> tail = stackalloc byte[8];
            tail.Clear();
            script.CopyTo(tail);
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(tail) ^ first, salt ^ second);
        }

        hash = Fold(hash ^ second, salt ^ first);
        return hash == 0 ? 1 : hash;
    }

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low ^ left;
    }

    private sealed class Table(int size)
    {
        public int Mask { get; } = size - 1;

        public ulong[] Hashes { get; } = new ulong[size];

        public ulong[] Checks { get; } = new ulong[size];

        public ScriptPlace[] Places { get; } = new ScriptPlace[size];

        public Table Copy(int size, Func<ulong, ulong, bool> isKept)
        {
            Table copy = new(size);
            for (var slot = 0; slot < Hashes.Length; slot++)
            {
                if (Hashes[slot] != 0 && isKept(Hashes[slot], Checks[slot]))
                {
                    copy.Put(Hashes[slot], Checks[slot], Places[slot]);
                }
            }

            return copy;
        }

        // Null if it was not there; or else its place, which stays. The hash goes in last: a reader that sees it sees the rest.
        public ScriptPlace? Put(ulong hash, ulong check, ScriptPlace place)
        {
            var slot = (int)hash & Mask;
            for (; Hashes[slot] != 0; slot = (slot + 1) & Mask)
            {
                if (Hashes[slot] == hash && Checks[slot] == check)
                {
                    return Places[slot];
                }
            }

            Checks[slot] = check;
            Places[slot] = place;
            Volatile.Write(ref Hashes[slot], hash);
            return null;
        }
    }
}
