using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>Documents out of JSON: rows of <c>{id, title, text}</c>, or the paragraphs inside multi-hop questions.</summary>
internal static class JsonCorpus
{
    /// <summary>Longest id in UTF-8 bytes: it is a term of the index and a word of run files.</summary>
    public const int MaxIdBytes = 1024;

    public static async IAsyncEnumerable<Document> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (Paragraphs.In(record) is { } paragraphs)
            {
                foreach (var paragraph in paragraphs)
                {
                    if (lines.TryAdd(paragraph.DocumentId, record.Line))
                    {
                        yield return new Document(paragraph.DocumentId, paragraph.Title, paragraph.Text);
                    }
                }

                continue;
            }

            var document = Row(record);
            if (!lines.TryAdd(document.Id, record.Line))
            {
                throw record.Broken($"the id \"{document.Id}\" is already on line {lines[document.Id]}; every document needs its own");
            }

            yield return document;
        }
    }

    private static Document Row(JsonRecord record)
    {
        var id = record.RequiredId("id", "_id");
        if (Encoding.UTF8.GetByteCount(id) > MaxIdBytes)
        {
            throw record.Broken($"the id is longer than {MaxIdBytes} bytes; use a shorter one");
        }

        return new Document(id, record.OptionalString("title") ?? "", record.RequiredString("text"));
    }
}
