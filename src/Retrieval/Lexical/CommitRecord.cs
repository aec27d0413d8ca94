using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>How far an index has come; part of each Lucene commit, so it can never disagree with the data.</summary>
/// <param name="Documents">Documents of the corpus taken over.</param>
/// <param name="Digest">Running digest of those documents, in order.</param>
/// <param name="IsComplete">The whole corpus has been taken over.</param>
/// <param name="Changes">Updates and deletions since the build.</param>
internal sealed record CommitRecord(long Documents, string Digest, bool IsComplete, int Changes)
{
    public IDictionary<string, string> ToUserData() => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["documents"] = Documents.ToString(CultureInfo.InvariantCulture),
        ["digest"] = Digest,
        ["complete"] = IsComplete ? "true" : "false",
        ["changes"] = Changes.ToString(CultureInfo.InvariantCulture),
    };

    public static CommitRecord? Of(IDictionary<string, string> data) =>
        data.TryGetValue("documents", out var documents) && data.TryGetValue("digest", out var digest)
        && data.TryGetValue("complete", out var complete) && data.TryGetValue("changes", out var changes)
            ? new CommitRecord(long.Parse(documents, CultureInfo.InvariantCulture), digest, complete == "true", int.Parse(changes, CultureInfo.InvariantCulture))
            : null;
}
