using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Keys;

/// <summary>What a wallet does with a PSBT.</summary>
/// <param name="Type">What signatures cover.</param>
/// <param name="Signs">Signs, rather than only telling what it knows.</param>
/// <param name="TellsOrigins">Tells where keys come from.</param>
/// <param name="Finishes">Finishes inputs that are complete.</param>
internal sealed record PsbtFill(SigHashType Type, bool Signs, bool TellsOrigins, bool Finishes);
