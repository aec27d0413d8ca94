using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>A paragraph inside a multi-hop question: a document of the corpus, and maybe gold.</summary>
/// <param name="DocumentId">Depends on title and text alone, so that a paragraph of several questions is one document.</param>
/// <param name="Supporting">True when the file marks it as gold by itself (MuSiQue).</param>
internal sealed record Paragraph(string DocumentId, string Title, string Text, bool Supporting);

/// <summary>Paragraphs of the native question files of HotpotQA and 2WikiMultihopQA (<c>context</c>) and MuSiQue (<c>paragraphs</c>).</summary>
internal static class Paragraphs
{
    /// <summary>The paragraphs in order; null when the record is not of such a file.</summary>
    public static IReadOnlyList<Paragraph>? In(JsonRecord record)
    {
        if (record.Value.TryGetProperty("paragraphs", out var paragraphs) && paragraphs.ValueKind == JsonValueKind.Array)
        {
            return [.. paragraphs.EnumerateArray().Select(paragraph => OfMusique(record, paragraph))];
        }

        return record.Value.TryGetProperty("context", out var context) && context.ValueKind == JsonValueKind.Array
            && context.GetArrayLength() > 0 && context[0].ValueKind == JsonValueKind.Array
                ? [.. context.EnumerateArray().Select(pair => OfHotpot(record, pair))]
                : null;
    }

    private static Paragraph OfMusique(JsonRecord record, JsonElement paragraph)
    {
        if (paragraph.ValueKind != JsonValueKind.Object || !paragraph.TryGetProperty("paragraph_text", out var text))
        {
            throw record.Broken("every element of \"paragraphs\" must be an object with title and paragraph_text");
        }

        var title = paragraph.TryGetProperty("title", out var titled) ? record.Text(titled, "title") : "";
        var supporting = paragraph.TryGetProperty("is_supporting", out var marked) && marked.ValueKind == JsonValueKind.True;
        return Make(record, title, record.Text(text, "paragraph_text"), supporting);
    }

    private static Paragraph OfHotpot(JsonRecord record, JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[1].ValueKind != JsonValueKind.Array)
        {
            throw record.Broken("every element of \"context\" must be [title, [sentence, ...]]");
        }

        var text = new StringBuilder();
        foreach (var element in pair[1].EnumerateArray())
        {
            // Sentences of HotpotQA begin with their space, those of 2WikiMultihopQA do not.
            var sentence = record.Text(element, "context");
            var touches = text.Length > 0 && sentence.Length > 0 && !char.IsWhiteSpace(text[^1]) && !char.IsWhiteSpace(sentence[0]);
            text.Append(touches ? " " : "").Append(sentence);
        }

        return Make(record, record.Text(pair[0], "context"), text.ToString(), supporting: false);
    }

    private static Paragraph Make(JsonRecord record, string title, string text, bool supporting)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            text = string.IsNullOrWhiteSpace(title) ? throw record.Broken("holds a paragraph with neither title nor text; remove it") : title;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{title}\n{text}"));
        return new Paragraph($"d{Convert.ToHexStringLower(digest.AsSpan(0, 8))}", title, text, supporting);
    }
}
