using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>What kind of thing a relation's value is.</summary>
internal enum ValueKind
{
    Person,
    Name,
    Organization,
    Place,
    Country,
    Date,
    Number,
    Cause,
    Award,
    Text,
}

/// <summary>A relation of the lexicon.</summary>
/// <param name="Name">Plain words, the relation of extracted facts.</param>
/// <param name="Kind">Kind of its values.</param>
/// <param name="Nouns">Lower-case phrases that name it in a question or text.</param>
/// <param name="Question">How to ask for it, {0} for the entity.</param>
internal sealed record Relation(string Name, ValueKind Kind, IReadOnlyList<string> Nouns, string Question);

/// <summary>Relation words of English: nouns, verbs by question word, and kinship as chains of basic relations (data files <c>relations.txt</c>, <c>kinship.txt</c>).</summary>
internal static class RelationLexicon
{
    private const string Hole = "{0}";
    private static readonly FrozenDictionary<string, Relation> ByName;
    private static readonly FrozenDictionary<string, IReadOnlyList<IReadOnlyList<string>>> ByPhrase;
    private static readonly FrozenDictionary<string, string> ByVerb;

    static RelationLexicon()
    {
        var byName = new Dictionary<string, Relation>(StringComparer.Ordinal);
        var byPhrase = new Dictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal);
        var byVerb = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in EnglishData.Lines("relations.txt").Select(line => line.Split('|', StringSplitOptions.TrimEntries)))
        {
            var kind = Enum.Parse<ValueKind>(fields[1], ignoreCase: true);
            var question = fields.Length > 4 ? fields[4] : $"{(kind == ValueKind.Person ? "Who" : "What")} is the {fields[0]} of {{0}}?";
            var relation = new Relation(fields[0], kind, EnglishData.Split(fields[2], ','), question);
            byName.Add(relation.Name, relation);
            foreach (var noun in relation.Nouns)
            {
                byPhrase.TryAdd(Normal(noun), [[relation.Name]]);
            }

            foreach (var verb in fields.Length > 3 ? EnglishData.Split(fields[3], ',') : [])
            {
                byVerb.TryAdd(Stemmed(verb), relation.Name);
            }
        }

        foreach (var sides in EnglishData.Lines("kinship.txt").Select(line => line.Split('=', StringSplitOptions.TrimEntries)))
        {
            byPhrase[Normal(sides[0])] = [.. EnglishData.Split(sides[1], '|').Select(chain => EnglishData.Split(chain, ' '))];
        }

        (ByName, ByPhrase, ByVerb) = (byName.ToFrozenDictionary(StringComparer.Ordinal), byPhrase.ToFrozenDictionary(StringComparer.Ordinal), byVerb.ToFrozenDictionary(StringComparer.Ordinal));
        LongestPhrase = byPhrase.Keys.Max(phrase => phrase.Split(' ').Length);
    }

    /// <summary>Most words a relation phrase has.</summary>
    public static int LongestPhrase { get; }

    /// <summary>The relation of that name; false for a relation outside the lexicon.</summary>
    public static bool TryGet(string name, out Relation relation) => ByName.TryGetValue(name, out relation!);

    /// <summary>Kind of the values of a relation; of an open relation, what its question asks for; <see cref="ValueKind.Name"/> for an unknown one.</summary>
    public static ValueKind KindOf(string name) =>
        ByName.TryGetValue(name, out var relation) ? relation.Kind
        : IsOpen(name) ? QuestionKind.Of(EnglishText.Analyze(name).Words)
        : ValueKind.Name;

    /// <summary>True for a relation outside the lexicon, written as a question with <c>{0}</c> in the entity's place: "Which company winds {0}?".</summary>
    public static bool IsOpen(string relation) => relation.Contains(Hole, StringComparison.Ordinal);

    /// <summary>A question for the value of a relation of one entity.</summary>
    public static string Ask(string relation, string entity) =>
        ByName.TryGetValue(relation, out var known) ? known.Question.Replace(Hole, entity, StringComparison.Ordinal)
        : IsOpen(relation) ? relation.Replace(Hole, entity, StringComparison.Ordinal)
        : $"What is the {relation} of {entity}?";

    /// <summary>The relation of which a text is the question of <see cref="Ask"/>; null when it is none.</summary>
    public static string? AskedBy(string question, string entity) =>
        ByName.Keys.Order(StringComparer.Ordinal).FirstOrDefault(relation => Ask(relation, entity) == question);

    /// <summary>Porter stems of the verbs that ask for a relation.</summary>
    public static IEnumerable<string> VerbsOf(string relation) =>
        ByVerb.Where(pair => pair.Value == relation).Select(pair => pair.Key[(pair.Key.IndexOf(':', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal);

    /// <summary>The chains of basic relations that a noun phrase stands for, most usual first ("paternal grandfather": father, father).</summary>
    public static bool TryReadPhrase(string folded, out IReadOnlyList<IReadOnlyList<string>> chains) => ByPhrase.TryGetValue(folded, out chains!);

    /// <summary>The relation a verb asks for after a question word (when, died: date of death).</summary>
    /// <param name="asked">who, when, where, why, how, or the noun after which or what (year, place, city, country, award ...).</param>
    /// <param name="verb">Folded form as written.</param>
    public static bool TryReadVerb(string asked, string verb, out string relation) => ByVerb.TryGetValue(Stemmed($"{asked}:{verb}"), out relation!);

    private static string Stemmed(string verb)
    {
        var colon = verb.IndexOf(':', StringComparison.Ordinal);
        return $"{verb[..colon]}:{PorterStemming.Stem(verb[(colon + 1)..])}";
    }

    private static string Normal(string phrase) => EntityName.Key(phrase);
}
