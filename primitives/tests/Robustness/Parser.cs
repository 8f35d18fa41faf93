namespace Dash.Primitives.Tests.Robustness;

/// <summary>
/// One way in for bytes or text from outside.
/// </summary>
/// <param name="Name">As the command line of long runs has it.</param>
/// <param name="Seeds">Good inputs, to be spoilt.</param>
/// <param name="Read">
/// Reads an input. Returns whether it was taken, and throws when something was thrown that is not documented, or when
/// what was read does not survive being written.
/// </param>
internal sealed record Parser(string Name, IReadOnlyList<byte[]> Seeds, Func<byte[], bool> Read)
{
    /// <summary>Reads so many spoilt inputs; the exception of a failure names the input.</summary>
    /// <returns>How many were taken nevertheless.</returns>
    public long Fuzz(int seed, long count)
    {
        var random = new Random(seed);
        long taken = 0;
        for (long i = 0; i < count; i++)
        {
            var input = Mutator.Next(random, Seeds);
            try
            {
                taken += Read(input) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"{Name} (seed {seed}, input {i}): {e.Message} for {Convert.ToHexStringLower(input)}", e);
            }
        }

        return taken;
    }
}
