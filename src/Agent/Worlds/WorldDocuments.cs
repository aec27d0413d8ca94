using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Writes the document of each entity: two to five sentences that state its facts, with pronouns, some facts of others, and some words that state nothing.</summary>
internal sealed class WorldDocuments(WorldFacts facts, Random random)
{
    private const int Fewest = 2;
    private const int Most = 5;
    private const double Filler = 0.25;
    private const double Redundant = 0.35;
    private const double Pronoun = 0.65;
    private const double Noun = 0.1;

    /// <summary>The documents, in order; a fact that found no sentence is taken back.</summary>
    public IReadOnlyList<Document> Write()
    {
        var texts = facts.Entities.Select(OwnFacts).ToArray();
        var heads = Heads();
        return [.. facts.Entities.Zip(texts, (entity, sentences) => new Document(entity.DocumentId, entity.Name, string.Join(' ', Completed(entity, sentences, heads))))];
    }

    private List<string> OwnFacts(WorldEntity entity)
    {
        var open = facts.Relations(entity).ToHashSet(StringComparer.Ordinal);
        var sentences = new List<string>();
        var form = Draw(entity.Kind.Openings.Where(opening => opening.Relations.All(open.Contains)))
            ?? Draw(entity.Kind.Statements.Where(other => other.Inverse is null && other.Relations.All(open.Contains)))
            ?? new StatementForm($"{{s}} is a {entity.Kind.Noun}.", [], null);
        while (form is not null)
        {
            sentences.Add(Sentence(entity, form, sentences.Count == 0));
            open.ExceptWith(form.Relations);
            form = open.Count == 0 || sentences.Count == Most ? null : Draw(entity.Kind.Statements.Where(other => other.Inverse is null && other.Relations.All(open.Contains)));
        }

        foreach (var untold in open)
        {
            facts.Remove(entity, untold);
        }

        return sentences;
    }

    private List<string> Completed(WorldEntity entity, List<string> sentences, ILookup<(int Tail, string Relation), WorldEntity> heads)
    {
        if (sentences.Count < Most && random.NextDouble() < Redundant
            && Draw(entity.Kind.Statements.Where(form => form.Inverse is not null && heads[(entity.Number, form.Inverse)].Any())) is { } form)
        {
            var all = heads[(entity.Number, form.Inverse!)].ToArray();
            var head = all[random.Next(all.Length)];
            facts.State(head, form.Inverse!, WorldValue.Of(entity), entity);
            sentences.Add(WorldLexicon.Capitalized(WithSubject(entity, form.Text.Replace($"{{^{form.Inverse}}}", Mention(WorldValue.Of(head)), StringComparison.Ordinal), isFirst: false)));
        }

        if (sentences.Count < Fewest || (sentences.Count < Most && random.NextDouble() < Filler))
        {
            sentences.Add(WorldLexicon.Capitalized(WithSubject(entity, entity.Kind.Fillers[random.Next(entity.Kind.Fillers.Count)], isFirst: false)));
        }

        return sentences;
    }

    // Entities by the value of a relation of theirs, once it is clear what is stated.
    private ILookup<(int Tail, string Relation), WorldEntity> Heads() =>
        (from head in facts.Entities
         from relation in facts.Relations(head)
         from value in facts.Values(head, relation)
         where value.Entity is not null
         select (Head: head, Key: (value.Entity!.Number, relation))).ToLookup(pair => pair.Key, pair => pair.Head);

    private string Sentence(WorldEntity entity, StatementForm form, bool isFirst)
    {
        var text = form.Text;
        foreach (var relation in form.Relations)
        {
            var values = facts.Values(entity, relation);
            text = text.Replace($"{{{relation}}}", string.Join(" and ", values.Select(Mention)), StringComparison.Ordinal);
            foreach (var value in values)
            {
                facts.State(entity, relation, value, entity);
            }
        }

        return WorldLexicon.Capitalized(WithSubject(entity, text, isFirst));
    }

    private string WithSubject(WorldEntity entity, string text, bool isFirst)
    {
        var (he, his) = !entity.Kind.IsPerson ? ("it", "its") : entity.IsFemale ? ("she", "her") : ("he", "his");
        var name = Mention(WorldValue.Of(entity));
        var draw = random.NextDouble();
        var (subject, possessive) = isFirst || draw > Pronoun + Noun ? (name, $"{name}'s")
            : draw > Pronoun && !entity.Kind.IsPerson ? ($"the {entity.Kind.Noun}", $"the {entity.Kind.Noun}'s")
            : (he, his);
        var written = new StringBuilder(text);
        if (text.StartsWith("{s", StringComparison.Ordinal))
        {
            written.Replace("{s}", subject, 0, "{s}".Length).Replace("{s's}", possessive, 0, "{s's}".Length);
        }

        return written
            .Replace("{s}", name)
            .Replace("{s's}", his)
            .Replace("{son}", entity.IsFemale ? "daughter" : "son")
            .Replace("{husband}", entity.IsFemale ? "husband" : "wife")
            .ToString();
    }

    private static string Mention(WorldValue value) => value.Entity is { Kind.Article: true } ? $"the {value.Text}" : value.Text;

    private StatementForm? Draw(IEnumerable<StatementForm> forms)
    {
        var all = forms.ToArray();
        return all.Length == 0 ? null : all[random.Next(all.Length)];
    }
}
