using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Where the triplets of an index come from: <c>rules</c>, <c>none</c>, or a file.</summary>
internal static class TripletSource
{
    public const string Rules = "rules";

    /// <summary>The extractor, or null for an index without triplets.</summary>
    public static async Task<ITripletExtractor?> OpenAsync(string source, Run run)
    {
        switch (source)
        {
            case Rules:
                return new RuleTripletExtractor();
            case IndexManifest.NoTriplets:
                return null;
            default:
                if (!File.Exists(source))
                {
                    throw new UsageException($"--triplets {source}: is neither rules nor none, and there is no such file{NearestName.Hint(source, [Rules, IndexManifest.NoTriplets])}");
                }

                var file = await OpenIeFile.ReadAsync(source, run.Cancelled).ConfigureAwait(false);
                run.Note($"{source}: {Counted.Of(file.Triplets, "triplet")} of {Counted.Of(file.Records, "record")}, {Counted.Of(file.Malformed, "malformed one")} left out");
                return file;
        }
    }

    /// <summary>The source an index was built with, so that an update keeps to it.</summary>
    /// <exception cref="UsageException">It was a file, which only the user can name.</exception>
    public static string AsBuilt(string folder, IndexManifest manifest) => manifest.Triplets switch
    {
        IndexManifest.NoTriplets => IndexManifest.NoTriplets,
        var id when id.StartsWith(Rules, StringComparison.Ordinal) => Rules,
        var id => throw new UsageException($"{folder}: was built with the triplets of a file ({id}); name that file with --triplets FILE"),
    };
}
