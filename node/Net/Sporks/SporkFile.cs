using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Sporks;

/// <summary>
/// <c>sporks.dat</c>, as dashd writes it: its kind, the network's four bytes, a version, all messages by name, the newest
/// by switch and signer, and SHA256d of all that.
/// </summary>
internal static class SporkFile
{
    private const string Kind = "magicSporkCache";
    private const string Version = "CSporkManager-Version-2";
    private const int MaxSize = 10_000_000;

    /// <summary>Adds what an earlier run kept; a file that is broken or of another network is left alone.</summary>
    /// <returns>False if there was nothing to be read.</returns>
    public static bool Load(string path, ChainParams network, SporkTable sporks)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > MaxSize)
        {
            return false;
        }

        var file = File.ReadAllBytes(path);
        if (file.Length < Uint256.Size || Hashes.Sha256d(file.AsSpan(0, file.Length - Uint256.Size)) != new Uint256(file.AsSpan(file.Length - Uint256.Size)))
        {
            return false;
        }

        try
        {
            SpanReader reader = new(file.AsSpan(0, file.Length - Uint256.Size));
            if (reader.ReadString() != Kind || !reader.ReadBytes(4).SequenceEqual(network.Magic.Span) || reader.ReadString() != Version)
            {
                return false;
            }

            var count = reader.ReadCount(Uint256.Size);
            for (var i = 0; i < count; i++)
            {
                reader.ReadUint256();
                var message = SporkMessage.Read(ref reader);
                if (message.Signer(network) is { } signer && sporks.IsSigner(signer))
                {
                    sporks.Add(message, signer);
                }
            }

            return true; // the rest says the same again
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    /// <summary>Writes the file as a whole or not at all.</summary>
    public static void Save(string path, ChainParams network, SporkTable sporks)
    {
        var all = sporks.All;
        ByteWriter writer = new();
        writer.WriteString(Kind);
        writer.WriteBytes(network.Magic.Span);
        writer.WriteString(Version);
        writer.WriteCompactSize(all.Count);
        foreach (var message in all)
        {
            writer.WriteUint256(message.Hash);
            message.Write(writer);
        }

        var bySwitch = all.GroupBy(static message => message.Id).ToArray();
        writer.WriteCompactSize(bySwitch.Length);
        foreach (var messages in bySwitch)
        {
            writer.WriteInt32(messages.Key);
            writer.WriteCompactSize(messages.Count());
            foreach (var message in messages)
            {
                writer.WriteHash160(message.Signer(network)!.Value); // checked when it was added
                message.Write(writer);
            }
        }

        writer.WriteUint256(Hashes.Sha256d(writer.WrittenSpan));
        var temporary = path + ".new";
        File.WriteAllBytes(temporary, writer.ToArray());
        File.Move(temporary, path, overwrite: true);
    }
}
