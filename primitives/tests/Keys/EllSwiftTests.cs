using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;

namespace Dash.Primitives.Tests.Keys;

/// <summary>Numbers of the vectors that BIP324 gives.</summary>
public class EllSwiftTests
{
    [Theory]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "edd1fd3e327ce90cc7a3542614289aee9682003e9cf7dcc9cf2ca9743be5aa0c")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffcbcfb7e7", "12303941aedc208880735b1f1795c8e55be520ea93e103357b5d2adb7ed59b8e")]
    [InlineData("1f67edf779a8a649d6def60035f2fa22d022dd359079a1a144073d84f19b92d50000000000000000000000000000000000000000000000000000000000000000", "025661f9aba9d15c3118456bbe980e3e1b8ba2e047c737a4eb48a040bb566f6c")]
    [InlineData("851b1ca94549371c4f1f7187321d39bf51c6b7fb61f7cbf027c9da62021b7a65fc54c96837fb22b362eda63ec52ec83d81bedd160c11b22d965d9f4a6d64d251", "3e731051e12d33237eb324f2aa5b16bb868eb49a1aa1fadc19b6e8761b5a5f7b")]
    [InlineData("c894ce48bfec433014b931a6ad4226d7dbd8eaa7b6e3faa8d0ef94052bcf8cff336eeb3919e2b4efb746c7f71bbca7e9383230fbbc48ffafe77e8bcc69542471", "f1c91acdc2525330f9b53158434a4d43a1c547cff29f15506f5da4eb4fe8fa5a")]
    [InlineData("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f4218f20ae6c646b363db68605822fb14264ca8d2587fdd6fbc750d587e76a7ee", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9fffffd6b")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffff13cea4a70000000000000000000000000000000000000000000000000000000000000000", "649984435b62b4a25d40c6133e8d9ab8c53d4b059ee8a154a3be0fcf4e892edb")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffff8e426f0392389078c12b1a89e9542f0593bc96b6bfde8224f8654ef5d5cda935a3582194", "faec7bc1987b63233fbc5f956edbf37d54404e7461c58ab8631bc68e451a0478")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7bc1f8dfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", "16c2ccb54352ff4bd794f6efd613c72197ab7082da5b563bdf9cb3edaafe74c2")]
    public void Every_64_bytes_have_a_coordinate(string key, string x) =>
        Assert.Equal(x, Hex.Encode(EllSwift.Decode(Hex.Decode(key))));

    // For each of the eight choices the number that stands for x, or nothing where there is none.
    [Theory]
    [InlineData(
        "05ff6bdad900fc3261bc7fe34e2fb0f569f06e091ae437d3a52e9da0cbfb9590",
        "80cdf63774ec7022c89a5a8558e373a279170285e0ab27412dbce510bdfe23fc",
        "- - 45654798ece071ba79286d04f7f3eb1c3f1d17dd883610f2ad2efd82a287466b 0aeaa886f6b76c7158452418cbf5033adc5747e9e9b5d3b2303db96936528557 - - ba9ab867131f8e4586d792fb080c14e3c0e2e82277c9ef0d52d1027c5d78b5c4 f51557790948938ea7badbe7340afcc523a8b816164a2c4dcfc24695c9ad76d8")]
    [InlineData(
        "1737a85f4c8d146cec96e3ffdca76d9903dcf3bd53061868d478c78c63c2aa9e",
        "39e48dd150d2f429be088dfd5b61882e7e8407483702ae9a5ab35927b15f85ea",
        "1be8cc0b04be0c681d0c6a68f733f82c6c896e0c8a262fcd392918e303a7abf4 605b5814bf9b8cb066667c9e5480d22dc5b6c92f14b4af3ee0a9eb83b03685e3 - - e41733f4fb41f397e2f3959708cc07d3937691f375d9d032c6d6e71bfc58503b 9fa4a7eb4064734f99998361ab7f2dd23a4936d0eb4b50c11f56147b4fc9764c - -")]
    [InlineData(
        "1aaa1ccebf9c724191033df366b36f691c4d902c228033ff4516d122b2564f68",
        "c75541259d3ba98f207eaa30c69634d187d0b6da594e719e420f4898638fc5b0",
        "- - - - - - - -")]
    [InlineData(
        "2323a1d079b0fd72fc8bb62ec34230a815cb0596c2bfac998bd6b84260f5dc26",
        "239342dfb675500a34a196310b8d87d54f49dcac9da50c1743ceab41a7b249ff",
        "f63580b8aa49c4846de56e39e1b3e73f171e881eba8c66f614e67e5c975dfc07 b6307b332e699f1cf77841d90af25365404deb7fed5edb3090db49e642a156b6 - - 09ca7f4755b63b7b921a91c61e4c18c0e8e177e145739909eb1981a268a20028 49cf84ccd19660e30887be26f50dac9abfb2148012a124cf6f24b618bd5ea579 - -")]
    [InlineData(
        "cab6626f832a4b1280ba7add2fc5322ff011caededf7ff4db6735d5026dc0367",
        "2b2bef0852c6f7c95d72ac99a23802b875029cd573b248d1f1b3fc8033788eb6",
        "- - - - - - - -")]
    [InlineData(
        "d8621b4ffc85b9ed56e99d8dd1dd24aedcecb14763b861a17112dc771a104fd2",
        "812cabe972a22aa67c7da0c94d8a936296eb9949d70c37cb2b2487574cb3ce58",
        "fbc5febc6fdbc9ae3eb88a93b982196e8b6275a6d5a73c17387e000c711bd0e3 8724c96bd4e5527f2dd195a51c468d2d211ba2fac7cbe0b4b3434253409fb42d - - 043a014390243651c147756c467de691749d8a592a58c3e8c781fff28ee42b4c 78db36942b1aad80d22e6a5ae3b972d2dee45d0538341f4b4cbcbdabbf604802 - -")]
    [InlineData(
        "da463164c6f4bf7129ee5f0ec00f65a675a8adf1bd931b39b64806afdcda9a22",
        "25b9ce9b390b408ed611a0f13ff09a598a57520e426ce4c649b7f94f2325620d",
        "- - - - - - - -")]
    public void Coordinates_have_up_to_eight_forms(string u, string x, string forms)
    {
        var expected = forms.Split(' ');
        for (var choice = 0; choice < 8; choice++)
        {
            var hasForm = EllSwift.TryInvert(Field(x), Field(u), choice, out var t);
            Assert.Equal(expected[choice], hasForm ? Text(t) : "-");
            if (hasForm)
            {
                Assert.Equal(x, Text(EllSwift.Decode(Field(u), t)));
            }
        }
    }

    [Fact]
    public void A_form_made_here_is_of_the_key_and_both_ends_share_a_secret()
    {
        for (byte i = 1; i < 8; i++)
        {
            using var one = PrivateKey.Generate();
            using var other = PrivateKey.Generate();
            var form = EllSwift.Create(one, new byte[32]);
            var otherForm = EllSwift.Create(other, [i, .. new byte[31]]);
            Assert.Equal(one.PublicKey.Bytes[1..].ToArray(), EllSwift.Decode(form));
            var shared = EllSwift.Share(one, form, otherForm, isInitiator: true);
            Assert.Equal(shared, EllSwift.Share(other, otherForm, form, isInitiator: false));
            Assert.NotEqual(shared, EllSwift.Share(other, otherForm, form, isInitiator: true));
        }
    }

    private static FieldElement Field(string hex) => FieldElement.Read(Hex.Decode(hex));

    private static string Text(FieldElement number)
    {
        var bytes = new byte[FieldElement.Size];
        number.Write(bytes);
        return Hex.Encode(bytes);
    }
}
