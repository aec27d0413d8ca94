using Agentic.Retrieval;

namespace Agentic.Agent.Tests;

/// <summary>Links whole names to a fixed list of titles, and titles inside a text word for word.</summary>
internal sealed class TitleLinker(params string[] titles) : IEntityLinker
{
    public IReadOnlyList<LinkedEntity> Link(string text, int limit)
    {
        var found = titles
            .Select(title => (Title: title, Name: title.Split(" (")[0]))
            .Select(pair => (pair.Title, pair.Name, At: text.IndexOf(pair.Name, StringComparison.OrdinalIgnoreCase)))
            .Where(link => link.At >= 0)
            .Select(link => new LinkedEntity(link.Title, text.Substring(link.At, link.Name.Length), link.At, link.Name == link.Title ? 1 : 0.95) { IsTitled = true });
        return [.. found.OrderByDescending(link => link.Mention.Length).ThenBy(link => link.Name, StringComparer.Ordinal).Take(limit)];
    }
}
