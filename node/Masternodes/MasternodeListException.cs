namespace Dash.Node.Masternodes;

/// <summary>A change that would leave two masternodes with something only one may have.</summary>
internal sealed class MasternodeListException(string message) : Exception(message);
