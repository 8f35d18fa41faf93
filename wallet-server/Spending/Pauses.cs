using Dash.Common.Concurrency;

namespace Dash.WalletServer.Spending;

/// <summary>Lets others have the core now and then where every coin of a wallet is looked at. Of one thread.</summary>
internal struct Pauses
{
    private const int Mask = 127;

    private int _looked;

    /// <summary>Another coin is looked at.</summary>
    public void Count()
    {
        if ((++_looked & Mask) == 0)
        {
            ThreadTurns.Rest();
        }
    }
}
