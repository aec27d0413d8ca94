using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Demonstrations of many small worlds in one file: a policy meets each name a few times only and has to learn to copy instead.</summary>
internal sealed class WorldDemonstrations(WorldOptions worlds, DemonstrationOptions demonstrations, int items, IWorldEvidence evidence)
{
    /// <summary>Worlds in work at a time; their demonstrations are written in order.</summary>
    private const int Batch = 16;

    /// <summary>Writes the file as a whole.</summary>
    /// <param name="count">Number of worlds.</param>
    /// <param name="seed">World w has the seed derived for it, so a longer file begins with the shorter one.</param>
    /// <returns>Demonstrations written, and questions left out because their evidence does not show the facts.</returns>
    public async Task<(int Written, int Dropped)> WriteAsync(string path, int count, Seed seed, CancellationToken cancellationToken)
    {
        var dropped = 0;
        var writer = await DemonstrationWriter.CreateAsync(path, evidence.Header(items, demonstrations.Prompt), cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var batch in Enumerable.Range(0, count).Chunk(Batch))
            {
                var made = new IReadOnlyList<Demonstration?>[batch.Length];
                await Parallel.ForAsync(0, batch.Length, cancellationToken, async (at, cancelled) => made[at] = await OfWorldAsync(batch[at], seed, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
                foreach (var demonstration in made.SelectMany(world => world))
                {
                    if (demonstration is null)
                    {
                        dropped++;
                    }
                    else
                    {
                        await writer.WriteAsync(demonstration, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            await writer.CommitAsync().ConfigureAwait(false);
        }

        return (writer.Rows, dropped);
    }

    private async Task<IReadOnlyList<Demonstration?>> OfWorldAsync(int number, Seed seed, CancellationToken cancellationToken)
    {
        var world = new WorldGenerator(worlds).Generate(seed.Derive("world", number));
        using var open = evidence.Open(world, items);
        var builder = new DemonstrationBuilder(world, open.Evidence, demonstrations with { Seed = seed.Derive("demonstrations", number) });
        var made = new List<Demonstration?>(world.Questions.Count);
        foreach (var question in world.Questions)
        {
            var demonstration = await builder.BuildAsync(question, 0, cancellationToken).ConfigureAwait(false);
            made.Add(demonstration is null ? null : demonstration with { Id = FormattableString.Invariant($"w{number:0000}-{demonstration.Id}") });
        }

        return made;
    }
}
