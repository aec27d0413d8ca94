using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Exact match and token F1 of an answer, as SQuAD's evaluation defines them (Rajpurkar et al. 2016).</summary>
public static class AnswerScore
{
    /// <summary>Lower case, ASCII punctuation dropped, the articles a, an, the dropped, runs of white space made one space.</summary>
    public static string Normalize(string answer) => string.Join(' ', Tokens(answer));

    /// <summary>1 when an alias equals the answer after normalisation, otherwise 0; 0 for no answer.</summary>
    public static double ExactMatch(string? answer, IReadOnlyList<string> aliases)
    {
        var normalized = answer is null ? null : Normalize(answer);
        return aliases.Any(alias => normalized == Normalize(alias)) ? 1 : 0;
    }

    /// <summary>Best F1 of the answer's tokens against an alias, tokens counted with multiplicity; 0 for no answer.</summary>
    public static double F1(string? answer, IReadOnlyList<string> aliases)
    {
        var tokens = answer is null ? null : Tokens(answer);
        return tokens is null ? 0 : aliases.Select(alias => F1(tokens, Tokens(alias))).DefaultIfEmpty(0).Max();
    }

    /// <summary>The tokens of the normalised text, in order.</summary>
    internal static string[] Tokens(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!(char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c))))
            {
                kept.Append(char.ToLowerInvariant(c));
            }
        }

        return [.. kept.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(token => token is not ("a" or "an" or "the"))];
    }

    private static double F1(string[] answer, string[] alias)
    {
        if (answer.Length == 0 || alias.Length == 0)
        {
            return answer.Length == alias.Length ? 1 : 0;
        }

        var left = alias.GroupBy(token => token, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var common = answer.Count(token => left.TryGetValue(token, out var count) && (left[token] = count - 1) >= 0);
        var (precision, recall) = ((double)common / answer.Length, (double)common / alias.Length);
        return common == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
