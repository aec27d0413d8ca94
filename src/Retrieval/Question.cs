namespace Agentic.Retrieval;

/// <summary>A question with what is known about its answer and its gold documents.</summary>
/// <param name="Id">Unique within its file.</param>
/// <param name="Text">The question in words.</param>
public sealed record Question(string Id, string Text)
{
    /// <summary>Accepted answers, the preferred one first; empty for a pure retrieval query.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>Relevant documents with their grade (at least 1); empty when unknown.</summary>
    public IReadOnlyDictionary<string, int> Relevant { get; init; } = new Dictionary<string, int>();

    /// <summary>False when <see cref="Relevant"/> is known to miss some; such a question is left out of recall.</summary>
    public bool GoldComplete { get; init; } = true;

    /// <summary>Kind of question as its file names it, for reports.</summary>
    public string? Type { get; init; }

    /// <summary>Number of hops, when the file says.</summary>
    public int? Hops { get; init; }

    /// <summary>The single-hop questions it is made of, in order; empty when unknown.</summary>
    public IReadOnlyList<SubQuestion> Decomposition { get; init; } = [];

    /// <summary>What it has that training never saw (template, composition), <c>none</c>, or null when its file does not say.</summary>
    public string? HeldOut { get; init; }

    /// <summary>The facts that answer it; empty when unknown.</summary>
    public IReadOnlyList<Fact> EvidenceTriplets { get; init; } = [];
}

/// <summary>One hop of a question.</summary>
/// <param name="Text">The hop in words; <c>#1</c> stands for the answer of the first hop.</param>
/// <param name="Answer">Its answer.</param>
/// <param name="Gold">The document that holds it, or null when the file does not say.</param>
public sealed record SubQuestion(string Text, string Answer, string? Gold)
{
    /// <summary>The names it is about; empty when the file does not say.</summary>
    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>What follows from its evidence, in a sentence that ends with what is needed next; null when the file does not say.</summary>
    public string? Summary { get; init; }

    /// <summary>The facts that answer it; none for a hop that nothing states, or when the file does not say.</summary>
    public IReadOnlyList<Fact> Triplets { get; init; } = [];
}
