namespace Dash.Primitives.Psbt;

/// <summary>Numbers of the format: the first number of a key says what its entry is.</summary>
internal static class PsbtFields
{
    /// <summary>Ends a map.</summary>
    public const byte Separator = 0;

    public const int GlobalUnsignedTransaction = 0x00;
    public const int GlobalXpub = 0x01;
    public const int GlobalVersion = 0xfb;
    public const int Proprietary = 0xfc;

    public const int InputPreviousTransaction = 0x00;
    public const int InputPartialSignature = 0x02;
    public const int InputSigHashType = 0x03;
    public const int InputRedeemScript = 0x04;
    public const int InputKeyPath = 0x06;
    public const int InputFinalScriptSig = 0x07;

    public const int OutputRedeemScript = 0x00;
    public const int OutputKeyPath = 0x02;

    /// <summary>The first bytes of every PSBT: "psbt" and ff.</summary>
    public static ReadOnlySpan<byte> Magic => [0x70, 0x73, 0x62, 0x74, 0xff];
}
