using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// anchors.dat: the block-relay peers of the last run, tried first in the next one, so that an attacker gains nothing
/// from a restart. Read once and deleted: a run that ends badly leaves none.
/// </summary>
internal sealed class AnchorFile(string path, ChainParams network, ILogger log)
{
    /// <summary>At most so many are kept.</summary>
    public const int MostAnchors = 2;

    private const int SmallestEntry = 4 + 4 + 1 + 1 + 1 + 2;

    /// <summary>Reads the anchors and deletes the file; none if it is missing or damaged.</summary>
    public List<PeerAddress> Take()
    {
        List<PeerAddress> anchors = [];
        try
        {
            anchors = Read(File.ReadAllBytes(path));
            Log.AnchorsLoaded(log, anchors.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EncodingException or AddressFileException)
        {
            Log.AnchorsUnreadable(log, e.Message);
        }

        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return anchors;
    }

    /// <summary>Writes the anchors.</summary>
    public void Save(IReadOnlyList<PeerAddress> anchors)
    {
        Log.AnchorsFlushing(log, anchors.Count);
        ChecksummedFile.Write(path, network.Magic.Span, writer =>
        {
            writer.WriteCompactSize(anchors.Count);
            foreach (var anchor in anchors)
            {
                AddressCodec.WriteToDisk(writer, anchor);
            }
        });
        Log.AnchorsFlushed(log, anchors.Count);
    }

    private List<PeerAddress> Read(byte[] file)
    {
        var reader = ChecksummedFile.Open(file, network.Magic.Span);
        var count = reader.ReadCount(SmallestEntry);
        List<PeerAddress> anchors = [];
        for (var i = 0; i < count; i++)
        {
            anchors.Add(AddressCodec.ReadFromDisk(ref reader));
        }

        return ChecksummedFile.HasChecksum(file, reader)
            ? anchors
            : throw new AddressFileException(AddressFileFault.Corrupt, "Checksum mismatch, data corrupted");
    }
}
