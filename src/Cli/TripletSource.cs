using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Where the triplets of an index come from: <c>rules</c>, <c>none</c>, or a file.</summary>
internal static class TripletSource
{
    public const string Rules = "rules";

    /// <summary>The extractor, or null for an index without triplets.</summary>
    public static ITripletExtractor? Of(string source) => source switch
    {
        Rules => new RuleTripletExtractor(),
        IndexManifest.NoTriplets => null,
        _ => throw new UsageException($"--triplets {source}: is neither rules nor none, and there is no such file"),
    };

    /// <summary>The source an index was built with, so that an update keeps to it.</summary>
    public static string AsBuilt(IndexManifest manifest) => manifest.Triplets == IndexManifest.NoTriplets ? IndexManifest.NoTriplets : Rules;
}
