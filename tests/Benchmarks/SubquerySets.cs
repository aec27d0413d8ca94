using System.IO.Compression;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>A single-hop question with the chunk that answers it.</summary>
internal sealed record Subquery(string Text, string GoldId, string Answer);

/// <summary>Chunks of one public set with single-hop subqueries made of its labels.</summary>
internal sealed record SubquerySet(string Name, IReadOnlyList<IndexedChunk> Chunks, IReadOnlyList<Subquery> Subqueries)
{
    /// <summary>Subqueries of <c>decomposition</c>, with #1, #2... replaced by the earlier answers.</summary>
    public static SubquerySet Decomposition(string folder)
    {
        var chunks = ReadChunks(folder);
        var known = chunks.Select(chunk => chunk.Chunk.Id).ToHashSet(StringComparer.Ordinal);
        var subqueries = new List<Subquery>();
        foreach (var row in Rows(Path.Combine(folder, "questions.dev.jsonl.gz")))
        {
            var hops = row.GetProperty("decomposition").EnumerateArray().ToArray();
            for (var i = 0; i < hops.Length; i++)
            {
                var text = hops[i].GetProperty("question").GetString()!;
                for (var earlier = 0; earlier < i; earlier++)
                {
                    text = text.Replace($"#{earlier + 1}", hops[earlier].GetProperty("answer").GetString(), StringComparison.Ordinal);
                }

                var gold = hops[i].GetProperty("gold").GetString()!;
                if (known.Contains(gold))
                {
                    subqueries.Add(new Subquery(text, gold, hops[i].GetProperty("answer").GetString()!));
                }
            }
        }

        return new SubquerySet(Path.GetFileName(folder), chunks, [.. subqueries.DistinctBy(subquery => (subquery.Text, subquery.GoldId))]);
    }

    /// <summary>"relation of subject" for each evidence triple whose subject is the title of a gold chunk.</summary>
    public static SubquerySet EvidenceTriples(string folder, Func<string, string, string> phrase)
    {
        var chunks = ReadChunks(folder);
        var titles = chunks.ToDictionary(chunk => chunk.Chunk.Id, chunk => chunk.Chunk.Title, StringComparer.Ordinal);
        var subqueries = new List<Subquery>();
        foreach (var row in Rows(Path.Combine(folder, "questions.dev.jsonl.gz")))
        {
            var gold = row.GetProperty("gold").EnumerateArray().Select(id => id.GetString()!).ToArray();
            foreach (var triple in row.GetProperty("evidence_triples").EnumerateArray())
            {
                var (subject, relation, value) = (triple[0].GetString()!, triple[1].GetString()!, triple[2].GetString()!);
                var id = gold.FirstOrDefault(id => EntityName.Key(titles[id]) == EntityName.Key(subject))
                    ?? gold.FirstOrDefault(id => EntityName.Key(titles[id].Split(" (")[0]) == EntityName.Key(subject.Split(" (")[0]));
                if (id is not null)
                {
                    subqueries.Add(new Subquery(phrase(relation, subject), id, value));
                }
            }
        }

        return new SubquerySet(Path.GetFileName(folder), chunks, [.. subqueries.DistinctBy(subquery => (subquery.Text, subquery.GoldId))]);
    }

    /// <summary>Whole questions; each gold chunk is one subquery's gold.</summary>
    public static SubquerySet WholeQuestions(string folder)
    {
        var chunks = ReadChunks(folder);
        var subqueries = Rows(Path.Combine(folder, "questions.dev.jsonl.gz")).SelectMany(row =>
            row.GetProperty("gold").EnumerateArray().Select(id => new Subquery(row.GetProperty("question").GetString()!, id.GetString()!, string.Empty)));
        return new SubquerySet(Path.GetFileName(folder) + " (whole questions)", chunks, [.. subqueries]);
    }

    /// <summary>"head relation" for a share of the set's extracted triples, answered by the chunk they were read from.</summary>
    public static SubquerySet ExtractedTriples(string folder, int every)
    {
        var chunks = ReadChunks(folder);
        var number = 0;
        var subqueries = new List<Subquery>();
        foreach (var row in Rows(Path.Combine(folder, "triples.jsonl.gz")))
        {
            foreach (var triple in row.GetProperty("triples").EnumerateArray())
            {
                if (number++ % every == 0 && triple.GetArrayLength() == 3)
                {
                    subqueries.Add(new Subquery($"{triple[0].GetString()} >> {triple[1].GetString()}", row.GetProperty("id").GetString()!, triple[2].GetString()!));
                }
            }
        }

        return new SubquerySet(Path.GetFileName(folder) + " (extracted triples)", chunks, subqueries);
    }

    private static IReadOnlyList<IndexedChunk> ReadChunks(string folder) =>
    [
        .. Rows(Path.Combine(folder, "corpus.jsonl.gz")).Select(row =>
        {
            var (id, title, text) = (row.GetProperty("id").GetString()!, row.GetProperty("title").GetString()!, row.GetProperty("text").GetString()!);
            return new IndexedChunk(new Chunk(id, id, 0, title, text, 0, text.Length), []);
        }),
    ];

    private static IEnumerable<JsonElement> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }
}
