using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Puts questions into words, one phrasing drawn for each relation.</summary>
/// <param name="lexicon">The phrasings.</param>
/// <param name="random">Draws them.</param>
/// <param name="heldOut">True for words that hold at least one phrasing which training never sees; false for none.</param>
internal sealed class QuestionWording(WorldLexicon lexicon, Random random, bool heldOut)
{
    private const double WithNoun = 0.2;

    private bool _hasHeldOut;

    /// <summary>"Where was the mother of the director of X born?" for the relations of X in the order they are followed; null when there are no such words.</summary>
    public string? Chain(WorldEntity start, IReadOnlyList<WorldRelation> relations)
    {
        _hasHeldOut = false;
        var subject = Subject(start);
        foreach (var (at, relation) in relations.SkipLast(1).Index())
        {
            if (Draw(relation.Roles, at == 0, isLast: false) is not { } role)
            {
                return null;
            }

            subject = role.Replace("{0}", subject, StringComparison.Ordinal);
        }

        return Draw(relations[^1].Asks, relations.Count == 1, isLast: true) is { } ask ? Sentence(ask, subject) : null;
    }

    /// <summary>A form with two or three slots.</summary>
    public string? Form(IEnumerable<Phrasing> forms, params ReadOnlySpan<string> slots)
    {
        _hasHeldOut = false;
        return Draw([.. forms], hasName: true, isLast: true) is { } form ? Sentence(form, slots) : null;
    }

    /// <summary>The name, sometimes with the word for what it names.</summary>
    public string Subject(WorldEntity entity)
    {
        var mention = lexicon.Mention(entity.Name);
        return entity.Kind.Name is "film" or "novel" or "song" or "company" && random.NextDouble() < WithNoun ? $"the {entity.Kind.Noun} {mention}" : mention;
    }

    // A held-out question has held-out phrasings here and there, and in its last place when it had none before.
    private string? Draw(IReadOnlyList<Phrasing> forms, bool hasName, bool isLast)
    {
        var wanted = heldOut && ((isLast && !_hasHeldOut) || random.NextDouble() < 0.5);
        var fitting = forms.Where(form => form.HeldOut == wanted && (hasName || !form.NeedsName)).ToArray();
        if (fitting.Length == 0)
        {
            return null;
        }

        _hasHeldOut |= wanted;
        return fitting[random.Next(fitting.Length)].Text;
    }

    private static string Sentence(string form, params ReadOnlySpan<string> slots)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            form = form.Replace($"{{{i}}}", slots[i], StringComparison.Ordinal);
        }

        return WorldLexicon.Capitalized(form);
    }
}
