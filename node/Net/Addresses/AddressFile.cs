using System.Diagnostics;
using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>peers.dat: reads it at the start, writes it now and then and at the end.</summary>
internal sealed class AddressFile(string path, ChainParams network, Clock clock, ILogger log, ILogger addressLog)
{
    private const string Report = "https://github.com/dashpay/dash/issues";

    // What dashd says behind a failure of reading.
    private const string ReadFailure = ": iostream error";

    private readonly Lock _gate = new(); // one writer of the file at a time

    /// <summary>The addresses of the file; new tables if it is missing, of a later version, or contradicts itself.</summary>
    /// <exception cref="StartupException">The file is damaged or of another network.</exception>
    public AddressManager Load(NetGroups groups, Random random, int checkRatio)
    {
        AddressManager Make(AddressTable table) => new(table, clock, addressLog, random, checkRatio);
        var start = clock.GetTimestamp();
        try
        {
            var table = ReadTable(groups, random);
            var (count, ms) = (table.NewCount + table.TriedCount, (long)clock.GetElapsedTime(start).TotalMilliseconds);
            Log.AddressesLoaded(log, count, ms);
            return Make(table);
        }
        catch (FileNotFoundException)
        {
            Log.AddressFileMissing(log, path);
        }
        catch (AddressFileException e) when (e.Fault == AddressFileFault.Inconsistent)
        {
            Log.AddressFileInconsistent(log, e.Message);
        }
        catch (AddressFileException e) when (e.Fault == AddressFileFault.FromLaterVersion)
        {
            File.Move(path, path + ".bak", overwrite: true);
            Log.AddressFileFromLaterVersion(log, path);
        }
        catch (AddressFileException e)
        {
            throw Corrupt(e.Message);
        }
        catch (EncodingException e)
        {
            throw Corrupt((e.Message == "end of data" ? "AutoFile::read: end of file" : e.Message) + ReadFailure);
        }

        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Corrupt("AutoFile::read: fread failed" + ReadFailure);
        }

        var made = Make(AddressManager.CreateTable(groups, random));
        Save(made);
        return made;
    }

    /// <summary>Writes the file.</summary>
    public void Save(AddressManager addresses)
    {
        lock (_gate)
        {
            var start = clock.GetTimestamp();
            ByteWriter content = new(64 << 10);
            addresses.Read(table => AddressTableCodec.Write(content, table));
            ChecksummedFile.Write(path, network.Magic.Span, writer => writer.WriteBytes(content.WrittenSpan));
            var (count, ms) = (addresses.Count(), (long)clock.GetElapsedTime(start).TotalMilliseconds);
            Log.AddressesFlushed(addressLog, count, ms);
        }
    }

    private AddressTable ReadTable(NetGroups groups, Random random)
    {
        var bytes = File.ReadAllBytes(path);
        var reader = ChecksummedFile.Open(bytes, network.Magic.Span);
        var table = AddressTableCodec.Read(ref reader, groups, random, addressLog);
        return reader.Remaining < Primitives.Hashing.Uint256.Size ? throw new EncodingException("end of data")
            : ChecksummedFile.HasChecksum(bytes, reader) ? table
            : throw new AddressFileException(AddressFileFault.Corrupt, "Checksum mismatch, data corrupted");
    }

    private StartupException Corrupt(string reason) => new(
        $"Invalid or corrupt peers.dat ({reason}). If you believe this is a bug, please report it to {Report}. As a workaround, "
        + $"you can move the file (\"{path}\") out of the way (rename, move, or delete) to have a new one created on the next start.");
}
