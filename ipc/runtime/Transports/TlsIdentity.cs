using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dash.Ipc.Transports;

/// <summary>
/// Whom a process is and whom it trusts when it speaks over TCP: its own certificate with the private key, and the exact
/// certificates of the others. There are no authorities and no names: a certificate is trusted because its SHA-256
/// fingerprint was given, as one trusts an SSH host key.
/// </summary>
public sealed class TlsIdentity : IDisposable
{
    /// <summary>A self-signed certificate says nothing by its dates: it is trusted as long as it is pinned.</summary>
    private const int ValidYears = 100;

    private const int FingerprintLength = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly X509Certificate2 _certificate;
    private readonly HashSet<string> _trusted;

    private TlsIdentity(X509Certificate2 certificate, HashSet<string> trusted)
    {
        _certificate = certificate;
        _trusted = trusted;
        Fingerprint = FingerprintOf(certificate);
    }

    /// <summary>What the other side trusts us by: SHA-256 of our certificate, 64 lower-case hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads the certificate of this side, or makes one on first use, and the list of whom to trust.</summary>
    /// <param name="file">PEM with certificate and private key; written with mode 0600 if it isn't there.</param>
    /// <param name="trust">
    /// Values of <c>-ipctrust</c>: fingerprints (with or without colons), or PEM files with one or more certificates.
    /// </param>
    /// <param name="directory">What relative paths are inside of, absolute.</param>
    /// <param name="time">For the dates of a new certificate.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="FormatException">A file or fingerprint is none.</exception>
    public static TlsIdentity Open(string file, IEnumerable<string> trust, string directory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(trust);
        ArgumentNullException.ThrowIfNull(time);
        var path = Path.GetFullPath(file, directory);
        HashSet<string> trusted = new(StringComparer.Ordinal);
        foreach (var text in trust)
        {
            trusted.UnionWith(ReadTrust(text, directory));
        }

        if (!File.Exists(path))
        {
            Make(path, time);
        }

        return new TlsIdentity(Read(path), trusted);
    }

    /// <summary>SHA-256 of a certificate as text.</summary>
    public static string FingerprintOf(X509Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    /// <summary>What somebody gets who wants TCP without saying whom to trust.</summary>
    internal static IOException Missing(TcpAddress address) => new(
        $"{address} is only spoken with TLS, certificates of both ends and each other's fingerprint: give the other side's with -ipctrust");

    /// <summary>Says at once what would fail at every attempt.</summary>
    /// <exception cref="IOException">Nobody is trusted; the text says how to go on.</exception>
    public void RequireTrust(TcpAddress address)
    {
        if (!TrustsAnybody)
        {
            throw new IOException(
                $"{address} needs -ipctrust=<fingerprint or certificate file of the other side>; this side's fingerprint is {Fingerprint}");
        }
    }

    internal bool TrustsAnybody => _trusted.Count > 0;

    internal SslServerAuthenticationOptions ForServer(Action<string?> seen) => new()
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate, seen),

        // A session that is resumed would not show its certificate again.
        AllowTlsResume = false,
    };

    internal SslClientAuthenticationOptions ForClient(string host, Action<string?> seen) => new()
    {
        TargetHost = host,
        ClientCertificates = [_certificate],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificate,
        EnabledSslProtocols = SslProtocols.Tls13,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate, seen),
        AllowTlsResume = false,
    };

    private bool IsTrusted(X509Certificate? certificate, Action<string?> seen)
    {
        var fingerprint = certificate is null ? null : FingerprintOf(certificate);
        seen(fingerprint);
        return fingerprint is not null && _trusted.Contains(fingerprint);
    }

    private static IEnumerable<string> ReadTrust(string text, string directory)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length == FingerprintLength && digits.All(char.IsAsciiHexDigit))
        {
            return [digits.ToLowerInvariant()];
        }

        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPemFile(Path.GetFullPath(text, directory));
        }
        catch (CryptographicException none)
        {
            throw new FormatException($"'{text}' holds no certificate", none);
        }

        return certificates.Count > 0
            ? [.. certificates.Select(FingerprintOf)]
            : throw new FormatException($"'{text}' is neither a SHA-256 fingerprint nor a file with certificates");
    }

    private static X509Certificate2 Read(string path)
    {
        try
        {
            using var fromPem = X509Certificate2.CreateFromPemFile(path);

            // Some systems only use a private key that came with the certificate in one piece.
            return X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException none)
        {
            throw new FormatException($"{path} holds no certificate with its private key", none);
        }
    }

    private static void Make(string path, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=dash ipc", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(ValidYears));
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";

        // Others never see it, and who was first keeps what they made.
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var aside = path + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using (StreamWriter writer = new(aside, System.Text.Encoding.ASCII, options))
        {
            writer.Write(pem);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside); // another process of ours made one at the same time
        }
    }
}
