using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>What proves to a receiver that a body is the wallet's and when it was sent. Pure.</summary>
internal static class WebhookSignature
{
    /// <summary><c>sha256=</c> and, in hex, the HMAC-SHA256 of the time in decimal, a full stop and the body.</summary>
    /// <param name="secret">Known to both sides.</param>
    /// <param name="time">Seconds since 1970, as in the header beside it.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Of(ReadOnlySpan<byte> secret, long time, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.ASCII.GetBytes(time.ToString(CultureInfo.InvariantCulture) + "."));
        mac.AppendData(body);
        return "sha256=" + Convert.ToHexStringLower(mac.GetHashAndReset());
    }
}
