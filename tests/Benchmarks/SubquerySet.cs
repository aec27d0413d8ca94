using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>A single-hop question with the chunk that answers it, the entity it asks about (when the labels say) and the answer.</summary>
internal sealed record Subquery(string Text, string GoldId, string? Subject, string Answer);

/// <summary>An indexed set with single-hop subqueries made of its labels.</summary>
internal sealed record SubquerySet(string Name, ChunkIndex Index, IReadOnlyList<Subquery> Subqueries)
{
    /// <summary>Subqueries of <c>decomposition</c>, with #1, #2, ... replaced by the earlier answers.</summary>
    public static async Task<SubquerySet> DecompositionAsync(string folder, ITripletExtractor extractor, string questions = "questions.dev.jsonl.gz", string corpus = "corpus.jsonl.gz")
    {
        var index = await IndexAsync(Path.Combine(folder, corpus), extractor);
        var subqueries = new List<Subquery>();
        await foreach (var row in JsonRecordReader.ReadAsync(Path.Combine(folder, questions), default))
        {
            var hops = row.Value.GetProperty("decomposition").EnumerateArray().ToArray();
            var triples = row.Value.TryGetProperty("evidence_triples", out var labels) ? labels.EnumerateArray().ToArray() : [];
            for (var i = 0; i < hops.Length; i++)
            {
                var text = hops[i].GetProperty("question").GetString()!;
                for (var earlier = 0; earlier < i; earlier++)
                {
                    text = text.Replace($"#{earlier + 1}", hops[earlier].GetProperty("answer").GetString(), StringComparison.Ordinal);
                }

                var answer = hops[i].GetProperty("answer").GetString()!;
                var subject = triples.Length == hops.Length ? triples[i][0].GetString() : null;
                Add(subqueries, index, new Subquery(text, hops[i].GetProperty("gold").GetString()!, subject, answer));
            }
        }

        return new SubquerySet(Path.GetFileName(folder), index, Distinct(subqueries));
    }

    /// <summary>One subquery for each evidence triple whose subject is the title of a gold chunk.</summary>
    /// <param name="phrase">Words a subquery from relation and subject.</param>
    public static async Task<SubquerySet> EvidenceTriplesAsync(string folder, ITripletExtractor extractor, Func<string, string, string> phrase)
    {
        var index = await IndexAsync(Path.Combine(folder, "corpus.jsonl.gz"), extractor);
        var subqueries = new List<Subquery>();
        await foreach (var row in JsonRecordReader.ReadAsync(Path.Combine(folder, "questions.dev.jsonl.gz"), default))
        {
            var gold = row.Value.GetProperty("gold").EnumerateArray().Select(id => id.GetString()!).ToArray();
            foreach (var triple in row.Value.GetProperty("evidence_triples").EnumerateArray())
            {
                var (subject, relation, value) = (triple[0].GetString()!, triple[1].GetString()!, triple[2].GetString()!);
                var id = gold.FirstOrDefault(id => EntityName.Key(TitleOf(index, id)) == EntityName.Key(subject))
                    ?? gold.FirstOrDefault(id => EntityName.Key(TitleOf(index, id).Split(" (")[0]) == EntityName.Key(subject.Split(" (")[0]));
                if (id is not null)
                {
                    Add(subqueries, index, new Subquery(phrase(relation, subject), id, subject, value));
                }
            }
        }

        return new SubquerySet(Path.GetFileName(folder), index, Distinct(subqueries));
    }

    /// <summary>Whole questions; each gold chunk is one subquery's gold.</summary>
    public static async Task<SubquerySet> WholeQuestionsAsync(string folder, ITripletExtractor extractor)
    {
        var index = await IndexAsync(Path.Combine(folder, "corpus.jsonl.gz"), extractor);
        var subqueries = new List<Subquery>();
        await foreach (var row in JsonRecordReader.ReadAsync(Path.Combine(folder, "questions.dev.jsonl.gz"), default))
        {
            foreach (var id in row.Value.GetProperty("gold").EnumerateArray())
            {
                Add(subqueries, index, new Subquery(row.Value.GetProperty("question").GetString()!, id.GetString()!, null, string.Empty));
            }
        }

        return new SubquerySet(Path.GetFileName(folder) + ", whole questions", index, subqueries);
    }

    /// <summary>"head relation" for every <paramref name="every"/>th fact of the index, answered by the chunk it was read from.</summary>
    public static async Task<SubquerySet> FactsAsync(string folder, ITripletExtractor extractor, int every)
    {
        var index = await IndexAsync(Path.Combine(folder, "corpus.jsonl.gz"), extractor);
        var facts = index.Chunks.SelectMany(chunk => chunk.Triplets.Select(fact => (chunk.Chunk.Id, Fact: fact))).Where((_, number) => number % every == 0);
        return new SubquerySet(
            Path.GetFileName(folder) + ", facts", index, [.. facts.Select(item => new Subquery($"{item.Fact.Head} {item.Fact.Relation}", item.Id, item.Fact.Head, item.Fact.Tail))]);
    }

    private static async Task<ChunkIndex> IndexAsync(string corpus, ITripletExtractor extractor)
    {
        var chunks = new List<IndexedChunk>();
        await foreach (var document in CorpusReader.Open(corpus).ReadAsync(default))
        {
            var chunk = new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length);
            chunks.Add(new IndexedChunk(chunk, extractor.Extract(chunk)));
        }

        return ChunkIndex.Of(chunks);
    }

    private static void Add(List<Subquery> subqueries, ChunkIndex index, Subquery subquery)
    {
        if (index.TryFind(subquery.GoldId, out _))
        {
            subqueries.Add(subquery);
        }
    }

    private static IReadOnlyList<Subquery> Distinct(List<Subquery> subqueries) => [.. subqueries.DistinctBy(subquery => (subquery.Text, subquery.GoldId))];

    private static string TitleOf(ChunkIndex index, string id) => index.TryFind(id, out var number) ? index.Chunks[number].Chunk.Title : string.Empty;
}
