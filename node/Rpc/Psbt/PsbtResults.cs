using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Psbt;

/// <summary>What decodepsbt answers, for help.</summary>
internal static class PsbtResults
{
    /// <summary>The whole object.</summary>
    public static RpcResult All { get; } = Result.Obj(
        Result.Obj("tx", "The transaction, unsigned.", Result.Elision("As by decoderawtransaction.")),
        Result.Arr("global_xpubs", "", Result.Obj("", "",
            Result.Str("xpub", "An extended public key that takes part."),
            Result.Hex("master_fingerprint", "Fingerprint of its master key."),
            Result.Str("path", "The way from there."))),
        Result.Num("psbt_version", "Version of the PSBT, not of the transaction."),
        Proprietary(optional: false),
        Unknown(optional: false),
        Result.Arr("inputs", "", Result.Obj("", "",
            Result.Obj("non_witness_utxo", "The transaction whose output it spends.", Result.Elision("As by decoderawtransaction.")).Optional(),
            Result.ObjDyn("partial_signatures", "", Result.Hex("pubkey", "A signature, by its key.")).Optional(),
            Result.Str("sighash", "What of the transaction is to be signed.", optional: true),
            Script("redeem_script", "The script behind a hash."),
            KeyPaths(),
            Result.Obj("final_scriptSig", "The finished script.",
                Result.Str("asm", "In words."), Result.Hex("hex", "Its bytes.")).Optional(),
            Preimages("ripemd160_preimages"),
            Preimages("sha256_preimages"),
            Preimages("hash160_preimages"),
            Preimages("hash256_preimages"),
            Unknown(optional: true),
            Proprietary(optional: true))),
        Result.Arr("outputs", "", Result.Obj("", "",
            Script("redeem_script", "The script behind a hash."),
            KeyPaths(),
            Unknown(optional: true),
            Proprietary(optional: true))),
        Result.Amount("fee", "What it pays, if every input's output is known.", optional: true));

    private static RpcResult Script(string key, string description) => Result.Obj(key, description,
        Result.Str("asm", "In words."), Result.Hex("hex", "Its bytes."), Result.Str("type", "Its form.")).Optional();

    private static RpcResult KeyPaths() => Result.Arr("bip32_derivs", "", Result.Obj("", "",
        Result.Hex("pubkey", "A public key."),
        Result.Hex("master_fingerprint", "Fingerprint of its master key."),
        Result.Str("path", "The way from there."))).Optional();

    private static RpcResult Preimages(string key) =>
        Result.ObjDyn(key, "", Result.Hex("hash", "A preimage, by its hash.")).Optional();

    private static RpcResult Unknown(bool optional) =>
        Result.ObjDyn("unknown", "Entries nobody here understands.", Result.Hex("key", "A value, by its key.")) with { IsOptional = optional };

    private static RpcResult Proprietary(bool optional) => Result.Arr("proprietary", "Entries that belong to some program.", Result.Obj("", "",
        Result.Hex("identifier", "Whose it is."),
        Result.Num("subtype", "Which kind."),
        Result.Hex("key", "Its key."),
        Result.Hex("value", "Its value."))) with { IsOptional = optional };
}
