using System.ComponentModel.DataAnnotations;

namespace Agentic.Graph;

/// <summary>Which of the candidates become evidence.</summary>
public enum EvidenceMode
{
    /// <summary>Chunks and triplets with the most mass in the knowledge association graph (TeaRAG).</summary>
    Kag,

    /// <summary>The most relevant chunks; no graph is asked.</summary>
    Chunks,

    /// <summary>The most relevant triplets; no chunk is asked for.</summary>
    Graph,

    /// <summary>Chunks and then as many triplets: twice the items, as in the paper's ablation.</summary>
    Concat,

    /// <summary>Control: the most relevant of the candidates of <see cref="Kag"/>, by relevance alone.</summary>
    Top,

    /// <summary>Control: a draw, seeded by the subquery, from the candidates of <see cref="Kag"/>.</summary>
    Random,
}

/// <summary>What the paper leaves open: whose entities count when a step names several.</summary>
public enum EntityScope
{
    /// <summary>Every key entity keeps its own best entities; the union is used.</summary>
    PerKeyEntity,

    /// <summary>The best entities over all key entities are kept together.</summary>
    Global,
}

/// <summary>What the paper leaves open: where entities come from when a step names none.</summary>
public enum EmptyEntities
{
    /// <summary>The entities the subquery itself names.</summary>
    LinkSubquery,

    /// <summary>None: the step has no triplets.</summary>
    None,
}

/// <summary>Every number of TeaRAG's retrieval (arXiv 2511.05385, section 5.1.3) with its value there.</summary>
public sealed record TeaRagOptions
{
    /// <summary>How evidence is chosen.</summary>
    [EnumDataType(typeof(EvidenceMode))]
    public EvidenceMode Mode { get; init; } = EvidenceMode.Kag;

    /// <summary>Chunks asked of the retriever.</summary>
    [Range(1, 1000)]
    public int CandidateChunks { get; init; } = 20;

    /// <summary>k_d: chunks kept after they were scored for relevance.</summary>
    [Range(1, 1000)]
    public int KeptChunks { get; init; } = 5;

    /// <summary>Entities linked for a key entity.</summary>
    [Range(1, 1000)]
    public int CandidateEntities { get; init; } = 10;

    /// <summary>Entities kept of those after they were scored for relevance.</summary>
    [Range(1, 1000)]
    public int KeptEntities { get; init; } = 5;

    /// <summary>Triplets that pass the first look among all that touch a kept entity.</summary>
    [Range(1, 1000)]
    public int CandidateTriplets { get; init; } = 20;

    /// <summary>k_t: triplets kept after they were scored for relevance.</summary>
    [Range(1, 1000)]
    public int KeptTriplets { get; init; } = 10;

    /// <summary>k_f: items shown.</summary>
    [Range(1, 1000)]
    public int Items { get; init; } = 5;

    /// <summary>tau: taken off a triplet's relevance before it becomes an edge weight.</summary>
    [Range(0.0, 1.0)]
    public double Threshold { get; init; } = 0.2;

    /// <summary>alpha: the share of mass that walks on rather than restarts.</summary>
    [Range(0.0, 0.999)]
    public double Alpha { get; init; } = 0.5;

    /// <summary>N: most iterations of Personalized PageRank; it stops before when the L1 change falls under 1e-12.</summary>
    [Range(1, 100_000)]
    public int Iterations { get; init; } = 200;

    /// <summary>Whether kept entities are counted by key entity or together.</summary>
    [EnumDataType(typeof(EntityScope))]
    public EntityScope EntityScope { get; init; } = EntityScope.PerKeyEntity;

    /// <summary>What to do when a step names no entity.</summary>
    [EnumDataType(typeof(EmptyEntities))]
    public EmptyEntities EmptyEntities { get; init; } = EmptyEntities.LinkSubquery;

    /// <summary>Seed of the draw of <see cref="EvidenceMode.Random"/>.</summary>
    public ulong Seed { get; init; }
}
