using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dash.Common.Hosting;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>Where events are posted to.</summary>
/// <param name="Number">Which of them, from 1 on.</param>
/// <param name="Url">The whole address; its path and query may be a secret.</param>
internal sealed record WebhookTarget(int Number, Uri Url)
{
    /// <summary>Under which its place in a wallet's log is kept, which tells nobody the address.</summary>
    public string PlaceName { get; } = "webhook_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Url.AbsoluteUri)))[..16];

    /// <summary>Reads an address.</summary>
    /// <exception cref="StartupException">It is none for this; the message does not repeat it.</exception>
    public static WebhookTarget Parse(int number, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw new StartupException("-walletwebhook must be an address that begins with http:// or https://");
        }

        return url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? new WebhookTarget(number, url)
            : throw new StartupException("-walletwebhook must be an address without user, password and fragment");
    }

    /// <summary>What logs and numbers call it: no path, no query.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} ({Url.GetLeftPart(UriPartial.Authority)})");
}
