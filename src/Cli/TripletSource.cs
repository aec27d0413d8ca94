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
                run.Note($"{source}: {file.Triplets:N0} triplets of {file.Records:N0} records, {file.Malformed:N0} malformed ones left out");
                return file;
        }
    }

    /// <summary>The source an index was built with, so that an update keeps to it.</summary>
    public static string AsBuilt(IndexManifest manifest) => manifest.Triplets == IndexManifest.NoTriplets ? IndexManifest.NoTriplets : Rules;
}
