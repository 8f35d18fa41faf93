namespace Dash.WalletServer.Keys;

/// <summary>A descriptor's secret as an encrypted wallet stores it; the words are empty where none were kept.</summary>
internal sealed record EncryptedSecret(
    ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Mnemonic, ReadOnlyMemory<byte> MnemonicPassphrase);
