namespace Dash.Common.Hosting;

/// <summary>The name and version that interface texts carry: those of the Dash Core release whose interfaces these are.</summary>
public static class Product
{
    /// <summary>Name in messages.</summary>
    public const string Name = "Dash Core";

    /// <summary>Version as a number: 10,000 × major + 100 × minor + build.</summary>
    public const int Version = 230102;

    /// <summary>Version as a text.</summary>
    public const string VersionText = "v23.1.2";
}
