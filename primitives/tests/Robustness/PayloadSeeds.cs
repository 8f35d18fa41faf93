using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Tests.Robustness;

/// <summary>Good payloads of special transactions: those of providers from real chains, others made here.</summary>
internal static class PayloadSeeds
{
    public static readonly byte[][] Registrations =
    [
        Hex(
            "010000000000a118920655e3b87bea5b066e45ad5a02e55ff9eee970eaad9097371579d35f0200000000000000000000"
            + "00000000ffff0363a5fc270f22f092f9e8362d961f235d7efcf87bdb88266722819b06c0c3b7b7f48373244aff72171e"
            + "c3fa982cd5b8c8f57e411cc1e6463ba260280cbe4d3e3a31d4c6d24be6d4f58406e8e188526a5ba38bcafc6fdd191ccf"
            + "f20b9dc100001976a91436d200f8160d3c882746c8771f3c7efdbf2889b488ac9dcd2d150b6e2348a6c13c99b2e9d761"
            + "feb0c4db1670e990e2da81c8b0d24bcd4120e52d81fdc98e13835d9cdc395a6f7d8ec91c15b1d3ce1e5ccb1dc990199a"
            + "be3e154856fc7157f024d2b791b8d0c6657c0e766e43d8834ebc571ba2283077a8f7"),
        Hex(
            "020000000000d8d442600f3ba97b8012d11c139f8861b067be82b33f79daf2e716b0a2e54c3901000000000000000000"
            + "00000000ffff55d76bca270f24587126760139b88830545a0d69fad5aa967227862069076b31b3bb4987a9d3d061d177"
            + "0312ef53b7bac93c220ab2bb49db012f4dee2f6ccf3ef90ea921bce05d27d0b724587126760139b88830545a0d69fad5"
            + "aa96722700001976a91414c3b7867e9a83bec105098b163921ea5eb58f9388ac9e83d940025eb8e48e09b902cca48ea1"
            + "f275c1d7225dbfd8f21f0d00ca3c233141206934b2091a4a64e000868ebb2c65a86ca0cecfff711a0dd3a4f20f41da61"
            + "0dcd1ca539e04a51b7ece7655a49a16ba19da52bb7898e2164f20c308f243469c66a"),
    ];

    public static readonly byte[][] ServiceUpdates =
    [
        Hex(
            "01008afd3cd80083e5e5ca9f1be502e706394cd46fdbd69a66b64d39f657cd6f62e800000000000000000000ffffd8bd"
            + "96fe270f0000d1163e2bbe1fb11518d158ddf64c658105cfdf1b2a7ced9b8bdb5d748b1ac818dc7d61b27d0695b911d7"
            + "a0cefb56017fc366522a121310ef8db176f2f47055b5ce9d05a9b24caddbee8bb06fd81d600b1416908bed396c4d385f"
            + "2642556c447e95123185ff285d9f98515de5867e39c0e99e658aa4825398630ad9f537bdf4"),
        Hex(
            "0200000067e3d709b387c484f5a034f1783e2ec31cdfefcd9f48bf738069ec195f6561c600000000000000000000ffff"
            + "87b50840270f00961a777a95c4471bd4c6b3fdc8b634b452b3d0146529ad0fc3b27af2526dfd75806d92738bcf3e6aa9"
            + "bb35417b44b83b4012a9f0e811feeac83764a01ebd4304518d1781f1ecdc08a65df5a9fe144ab70f8758cf3dae59717e"
            + "3c6ae927a7a3dc15aa06e025c05e6b9169da5d1d215e897901b2edcaefb13d70f2efec79d63518"),
    ];

    public static readonly byte[][] RegistrarUpdates =
    [
        Hex(
            "0100b2d3e8dea42b9c8331472962bb36dea7b684b0f6dc8f5869c80fc24936199a040000934e4e541c310c2d17df7b48"
            + "040d6ae9446fab9530abcbebdd1b46d847a5b4f8898057060143436dc7003e1e6fd9bf45b2603eb918241134ab0e867f"
            + "2875349218ce2d761976a914b9a701d799b3d96b91a4d0311fb39c29ebad98ed88ac280b34567afd60136868e50b86db"
            + "2c7e35510ed9072fe34439b9e665f9cc6492411fa38ef65a72aeae489356fa0dcf2600804d892084389f9cde69d2a1c8"
            + "c53d4e490e4ddad15448f27b8360b116e322b1c6abd7ba1113845fea69e55d77b6ac83b4"),
        Hex(
            "02003323591ecb17b1fa99dcf067c656cfb2d009583af60d5d918b2492d8b62e8f090000a86680f5adb7ca1b90784e78"
            + "932d7e9649eed04ca08804c96524ea0ff8c729e7de8b21b8abd4c1843fe50ef633f96b9e299d864ed70ebf5f39e980eb"
            + "0feb623add4f22531976a91423c29c6db8b982960846f6c964dde53a630930bc88ac67aa2f81057856f4c0e76469a30a"
            + "35cdce1018f3dcb8b5cc24075a7061c8e0c341205d3e41dbfd83e5beb475c8e6b3f6c9aa98e6e363ebf23cd055a3cd0a"
            + "5dd2d54c20110b254f043a66eb4599fec3f670aa37d653f8259b653e9014efa78836409b"),
    ];

    public static readonly byte[][] Revocations =
    [
        Hex(
            "01009b2cce50aca32c5d65d4524fe69552df2610a7b98adf5975edd974fa7c16b0120100db7e5f113b3ac3204a149c75"
            + "f939144d19c1890bc050f7871b103f6ab371ad9b09f6d212f005b212780fd9333b38c60a836740909d362ff4fdf95d84"
            + "e34ce32df7b14b9784a652d77c4bc14ec456b556178e4b84cda2939d9806f0393898a282829dcae0e66c21ee0109b8e2"
            + "f8e84444774cfd8cc352836c6fd32a47887261f5"),
        Hex(
            "0200cb1002143ac5db461791432aee2d8dea8a5822ec1f194e21948e48b054af1c750100572391a43fa586d85102dbc4"
            + "c89982ed36b8d789c80eef9697a2b1b97ab750378369767f8fe0ec9a8abbd91a0b6da8644271342848739a152ea336e0"
            + "ac800884a73ffb539ab4fb93a5c0326103bf504609e635248348b68b5599e99bbc5923f65b46af02fa85645a7e2a9cd3"
            + "59540a362d551ed87ae572f716f7a0875a632373"),
    ];

    public static readonly byte[][] Coinbases =
    [
        Hex(
            "0300aa351f006f590e686edf2a99daca45e9901383e986da637bf771d2b643eaae1c47737484058680d16ba5d84279c9"
            + "b846c58091424ad0d0f367229ed239e7d1870a2fbfd10097a61cc92679573f4f95fd9638c9971ca10e065e4a67ab9d75"
            + "bb65d88440286adae1e23c220d97b9413939dac933d2f70a31c8927b2c7d319f79c93ee46b162137adcf547d81954a3c"
            + "ce087cfa597d0203f63259675f4e197888fa7c608e75c00000000000000000"),
    ];

    public static readonly byte[][] Commitments =
    [
        FinalCommitment.Null(1, 50, default, 0, isRotated: false, isBasicScheme: false, 1000).ToBytes(),
        FinalCommitment.Null(5, 60, default, 3, isRotated: true, isBasicScheme: true, 2_000_000).ToBytes(),
    ];

    public static readonly byte[][] Signals =
    [
        new MnHfSignal { Version = 1, VersionBit = 12 }.ToBytes(),
    ];

    public static readonly byte[][] Locks =
    [
        // Two outputs of key hashes.
        Hex("0102" + Output + Output),
    ];

    public static readonly byte[][] Unlocks =
    [
        new AssetUnlock { Version = 1, Index = 7, Fee = new Amount(70_000) }.ToBytes(),
    ];

    public static readonly byte[][] InstantSendLocks =
    [
        new InstantSendLock
        {
            Version = 1,
            Inputs = [new OutPoint(new Txid(Hashes.Sha256([1])), 1), new OutPoint(new Txid(Hashes.Sha256([2])), 2)],
            Txid = new Txid(Hashes.Sha256([3])),
            CycleHash = new BlockHash(Hashes.Sha256([4])),
        }.ToBytes(),
    ];

    public static readonly byte[][] ChainLocks =
    [
        new ChainLock { Height = 5, BlockHash = new BlockHash(Hashes.Sha256([5])) }.ToBytes(),
    ];

    private const string Output = "00e1f50500000000" + "1976a9140101010101010101010101010101010101010101" + "88ac";

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
