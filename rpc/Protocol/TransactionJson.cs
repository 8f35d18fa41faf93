using System.Text.Json;
using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Evo;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Rpc.Protocol;

/// <summary>Transactions and scripts as objects, members in Dash Core's order. Node and wallet answer with the same code.</summary>
public static class TransactionJson
{
    /// <summary>What an input spent, when the caller knows it.</summary>
    /// <param name="Output">The spent output.</param>
    /// <param name="Height">Height of the block that made it.</param>
    /// <param name="IsCoinBase">Whether a coinbase made it.</param>
    public readonly record struct SpentOutput(TxOut Output, int Height, bool IsCoinBase);

    /// <summary>What spends an output, where an index knows it.</summary>
    /// <param name="Txid">The transaction.</param>
    /// <param name="Input">The number of its input.</param>
    /// <param name="Height">The height of its block; -1 in the mempool.</param>
    /// <param name="Value">The output's value.</param>
    /// <param name="Address">The output's address; null for none.</param>
    public sealed record Spender(Txid Txid, uint Input, int Height, Amount Value, Destination? Address);

    /// <summary>What is told beside the transaction itself.</summary>
    public sealed record Extras
    {
        /// <summary>The block that holds it; the null hash leaves the member out.</summary>
        public BlockHash BlockHash { get; init; }

        /// <summary>Ends with the member <c>hex</c>.</summary>
        public bool WithHex { get; init; } = true;

        /// <summary>One for each input, in their order: gives the member <c>fee</c>. Null when unknown.</summary>
        public IReadOnlyList<SpentOutput>? Spent { get; init; }

        /// <summary>Also a member <c>prevout</c> for each input; needs <see cref="Spent"/>.</summary>
        public bool WithPreviousOutputs { get; init; }

        /// <summary>Finds what spends an output: inputs tell its value and address then, outputs where they went. Null without an index.</summary>
        public Func<OutPoint, Spender?>? FindSpender { get; init; }
    }

    /// <summary>Writes the members of a transaction into the object that is open.</summary>
    public static void WriteTransaction(
        this Utf8JsonWriter writer, Transaction transaction, AddressPrefixes prefixes, Extras extras)
    {
        writer.WriteHash("txid", transaction.Txid);
        writer.WriteNumber("version", (ushort)transaction.Version);
        writer.WriteNumber("type", (ushort)transaction.Type);
        writer.WriteNumber("size", transaction.Size);
        writer.WriteNumber("locktime", transaction.LockTime);

        writer.WriteStartArray("vin");
        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            writer.WriteStartObject();
            WriteInput(writer, transaction, i, prefixes, extras);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("vout");
        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            var output = transaction.Outputs[i];
            writer.WriteStartObject();
            writer.WriteAmount("value", output.Value);
            writer.WriteNumber("valueSat", output.Value.Duffs);
            writer.WriteNumber("n", i);
            writer.WriteStartObject("scriptPubKey");
            writer.WriteScript(output.ScriptPubKey, prefixes);
            writer.WriteEndObject();
            if (extras.FindSpender?.Invoke(new OutPoint(transaction.Txid, (uint)i)) is { } spender)
            {
                writer.WriteHash("spentTxId", spender.Txid);
                writer.WriteNumber("spentIndex", spender.Input);
                writer.WriteNumber("spentHeight", spender.Height);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!transaction.ExtraPayload.IsEmpty)
        {
            writer.WriteNumber("extraPayloadSize", transaction.ExtraPayload.Length);
            writer.WriteHex("extraPayload", transaction.ExtraPayload.Span);
        }

        WriteCbTx(writer, transaction);
        PayloadJson.Write(writer, transaction, prefixes);
        if (extras.Spent is { } spent)
        {
            var fee = Amount.Zero;
            foreach (var coin in spent)
            {
                fee += coin.Output.Value;
            }

            foreach (var output in transaction.Outputs)
            {
                fee -= output.Value;
            }

            writer.WriteAmount("fee", fee);
        }

        if (extras.BlockHash != default)
        {
            writer.WriteHash("blockhash", extras.BlockHash);
        }

        if (extras.WithHex)
        {
            writer.WriteHex("hex", transaction.ToBytes());
        }
    }

    /// <summary>Writes the members of a script that is paid to into the object that is open.</summary>
    /// <param name="writer">Takes the members.</param>
    /// <param name="script">The script.</param>
    /// <param name="prefixes">The network's, for addresses.</param>
    /// <param name="withHex">Also the bytes.</param>
    /// <param name="withAddress">Also the descriptor and, where there is one, the address.</param>
    public static void WriteScript(
        this Utf8JsonWriter writer, Script script, AddressPrefixes prefixes, bool withHex = true, bool withAddress = true)
    {
        writer.WriteString("asm", ScriptAssembly.ToAsm(script));
        if (withAddress)
        {
            writer.WriteString("desc", DescriptorInference.Of(script, prefixes).ToString());
        }

        if (withHex)
        {
            writer.WriteHex("hex", script.Span);
        }

        var kind = ScriptTemplates.Solve(script).Kind;
        if (withAddress && kind != ScriptKind.PubKey && Destination.FromScript(script) is not Destination.None and var payee)
        {
            writer.WriteString("address", AddressCodec.Encode(payee, prefixes));
        }

        writer.WriteString("type", ScriptTemplates.Name(kind));
    }

    private static void WriteInput(
        Utf8JsonWriter writer, Transaction transaction, int index, AddressPrefixes prefixes, Extras extras)
    {
        var input = transaction.Inputs[index];
        if (transaction.IsCoinBase)
        {
            writer.WriteHex("coinbase", input.ScriptSig.Span);
        }
        else
        {
            writer.WriteHash("txid", input.PreviousOutput.Txid);
            writer.WriteNumber("vout", input.PreviousOutput.Index);
            writer.WriteStartObject("scriptSig");
            writer.WriteString("asm", ScriptAssembly.ToAsm(input.ScriptSig, sighashDecode: true));
            writer.WriteHex("hex", input.ScriptSig.Span);
            writer.WriteEndObject();
            if (extras.FindSpender?.Invoke(input.PreviousOutput) is { } spender)
            {
                writer.WriteAmount("value", spender.Value);
                writer.WriteNumber("valueSat", spender.Value.Duffs);
                if (spender.Address is { } address)
                {
                    writer.WriteString("address", AddressCodec.Encode(address, prefixes));
                }
            }
        }

        if (extras.WithPreviousOutputs && extras.Spent is { } spent)
        {
            var coin = spent[index];
            writer.WriteStartObject("prevout");
            writer.WriteBoolean("generated", coin.IsCoinBase);
            writer.WriteNumber("height", coin.Height);
            writer.WriteAmount("value", coin.Output.Value);
            writer.WriteStartObject("scriptPubKey");
            writer.WriteScript(coin.Output.ScriptPubKey, prefixes);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteNumber("sequence", input.Sequence);
    }

    /// <summary>Writes the member of a coinbase's special payload; nothing for another transaction.</summary>
    public static void WriteCbTx(Utf8JsonWriter writer, Transaction transaction)
    {
        if (transaction.Type == TransactionType.CoinbaseSpecial && CbTx.TryParse(transaction.ExtraPayload.Span, out var cbTx))
        {
            WriteCbTx(writer, cbTx);
        }
    }

    private static void WriteCbTx(Utf8JsonWriter writer, CbTx cbTx)
    {
        writer.WriteStartObject("cbTx");
        writer.WriteNumber("version", cbTx.Version);
        writer.WriteNumber("height", cbTx.Height);
        writer.WriteHash("merkleRootMNList", cbTx.MerkleRootMasternodeList);
        if (cbTx.Version >= CbTx.VersionQuorums)
        {
            writer.WriteHash("merkleRootQuorums", cbTx.MerkleRootQuorums);
        }

        if (cbTx.Version >= CbTx.VersionChainLock)
        {
            writer.WriteNumber("bestCLHeightDiff", cbTx.BestChainLockHeightDifference);
            writer.WriteHex("bestCLSignature", cbTx.BestChainLockSignature.Span);
            writer.WriteAmount("creditPoolBalance", cbTx.CreditPoolBalance);
        }

        writer.WriteEndObject();
    }
}
