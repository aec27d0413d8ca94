using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Control for evaluations: evidence with its true titles and places but the words of a far-away chunk. What a policy still gets right it did not read.</summary>
/// <remarks>Deterministic; the far-away chunk is a fixed distance down the ordinal order of chunk ids. The association graph behind the selection is not passed on: it would tell.</remarks>
public sealed class ShuffledEvidence : IEvidenceRetriever
{
    private readonly IEvidenceRetriever _inner;
    private readonly IReadOnlyList<IndexedChunk> _chunks;
    private readonly Dictionary<string, int> _places;
    private readonly int _distance;

    /// <summary>Wraps a source of evidence.</summary>
    /// <param name="inner">What is shuffled.</param>
    /// <param name="chunks">The chunks of the index, in ordinal order of ids; at least two.</param>
    /// <param name="offset">Distance as a fraction of the corpus, inside (0, 1).</param>
    public ShuffledEvidence(IEvidenceRetriever inner, IReadOnlyList<IndexedChunk> chunks, double offset = 0.5)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks.Count, 2, nameof(chunks));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, 1);
        (_inner, _chunks) = (inner, chunks);
        _places = chunks.Select((indexed, place) => (indexed.Chunk.Id, place)).ToDictionary(pair => pair.Id, pair => pair.place, StringComparer.Ordinal);
        _distance = Math.Clamp((int)(offset * chunks.Count), 1, chunks.Count - 1);
    }

    /// <inheritdoc/>
    public async ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        var found = await _inner.RetrieveAsync(request, cancellationToken).ConfigureAwait(false);
        return new EvidenceResult([.. found.Items.Select(Shuffled)]);
    }

    private Evidence Shuffled(Evidence evidence)
    {
        switch (evidence)
        {
            case Evidence.OfChunk { Chunk: var chunk }:
                var text = _chunks[FarFrom(chunk.Id)].Chunk.Text;
                return new Evidence.OfChunk(chunk with { Text = text, Start = 0, End = text.Length }, evidence.Score);
            case Evidence.OfTriplet { Triplet: var triplet }:
                return new Evidence.OfTriplet(FarFact(triplet), evidence.Score);
            default:
                return evidence;
        }
    }

    // The head stays, as a chunk's title does; relation and tail are another fact's.
    private Triplet FarFact(Triplet triplet)
    {
        var place = FarFrom(triplet.SupportingChunkIds[0]);
        for (var i = 0; i < _chunks.Count; i++)
        {
            if (_chunks[(place + i) % _chunks.Count].Triplets is [var far, ..])
            {
                return triplet with { Relation = far.Relation, Tail = far.Tail };
            }
        }

        return triplet with { Tail = "" };
    }

    private int FarFrom(string chunkId) => (_places.GetValueOrDefault(chunkId) + _distance) % _chunks.Count;
}
