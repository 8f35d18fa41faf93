using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>
/// An encrypted wallet that one caller unlocks, locks and gives other passphrases, and what that caller knows of its passphrase:
/// of a change that was not answered, that it is one of two.
/// </summary>
/// <param name="wallet">The wallet.</param>
/// <param name="first">Its passphrase at first.</param>
/// <param name="record">Takes what was told.</param>
public sealed class LockedWallet(RpcConnection wallet, string first, CallRecord record)
{
    private const int Wrong = -14;

    private string _passphrase = first;
    private string? _perhaps;
    private int _next;

    /// <summary>One piece of work: locks, unlocks for a moment or changes the passphrase.</summary>
    public async Task WorkAsync(Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                await wallet.CallAsync("walletlock");
                record.Done("locks");
                break;
            case 1:
                await ChangeAsync();
                break;
            default:
                await UnlockAsync(random.Next(1, 5));
                break;
        }
    }

    /// <summary>Unlocks it for so long, in seconds.</summary>
    public async Task UnlockAsync(int seconds)
    {
        if (_perhaps is { } perhaps)
        {
            var isChanged = await OpensAsync(perhaps, seconds);
            if (isChanged == await OpensAsync(_passphrase, seconds))
            {
                record.Violated($"of two passphrases {(isChanged ? "both open" : "none opens")} the wallet");
            }

            (_passphrase, _perhaps) = (isChanged ? perhaps : _passphrase, null);
        }
        else if (!await OpensAsync(_passphrase, seconds))
        {
            record.Violated("its passphrase does not open the wallet");
        }

        record.Done("unlocks");
    }

    private async Task ChangeAsync()
    {
        if (_perhaps is not null)
        {
            await UnlockAsync(1);
        }

        _perhaps = "passphrase " + (++_next).ToString(CultureInfo.InvariantCulture);
        await wallet.CallAsync("walletpassphrasechange", _passphrase, _perhaps);
        (_passphrase, _perhaps) = (_perhaps, null);
        record.Done("changes of the passphrase");
    }

    private async Task<bool> OpensAsync(string passphrase, int seconds)
    {
        try
        {
            await wallet.CallAsync("walletpassphrase", passphrase, seconds);
            return true;
        }
        catch (RpcException refused) when (refused.Code == Wrong)
        {
            return false;
        }
    }
}
