namespace Dash.WalletServer.Spending;

/// <summary>Lists that choices of coins work in, one choice at a time: among very many they are too large to be made for each.</summary>
internal sealed class ChoiceRoom
{
    /// <summary>The coins that may be spent.</summary>
    public List<AvailableCoin> Available { get; } = [];

    /// <summary>Those of them that are worth a look.</summary>
    public List<AvailableCoin> Chosen { get; } = [];

    /// <summary>Forgets the coins.</summary>
    public void Clear()
    {
        Available.Clear();
        Chosen.Clear();
    }

    /// <summary>Gives the memory back.</summary>
    public void Trim() => Available.Capacity = Chosen.Capacity = 0;
}
