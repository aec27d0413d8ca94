using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Agentic.Retrieval;

/// <summary>How documents are cut.</summary>
public sealed record ChunkerOptions : IValidatableObject
{
    /// <summary>Most O200k tokens of a chunk's text (the title is not counted).</summary>
    [Range(8, 1_000_000)] public int ChunkTokens { get; init; } = 512;

    /// <summary>At most this many O200k tokens of whole sentences are repeated at the start of the next chunk; less than half of <see cref="ChunkTokens"/>.</summary>
    [Range(0, 500_000)] public int ChunkOverlap { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (2 * ChunkOverlap > ChunkTokens)
        {
            yield return new ValidationResult("ChunkOverlap must be at most half of ChunkTokens");
        }
    }
}

/// <summary>Cuts documents into chunks at sentence ends.</summary>
/// <remarks>
/// A document within the budget is one chunk with the document's id and its whole text. Otherwise every character but the white space
/// between chunks is in a chunk, no chunk is over the budget, and a sentence longer than the budget is cut between words.
/// Safe for concurrent use.
/// </remarks>
public sealed class Chunker
{
    private readonly ChunkerOptions _options;

    /// <summary>A chunker with checked options.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public Chunker(ChunkerOptions options) => _options = OptionsGuard.Checked(options);

    /// <summary>The chunks of <paramref name="document"/> in reading order; at least one.</summary>
    public IReadOnlyList<Chunk> Cut(Document document)
    {
        var text = document.Text;
        if (Fits(text, 0, text.Length))
        {
            // An id that looks like a chunk's keeps its ordinal, so that no two chunks can ever share an id.
            var id = LooksLikeChunkId(document.Id) ? ChunkId(document.Id, 0) : document.Id;
            return [new Chunk(id, document.Id, 0, document.Title, text, 0, text.Length)];
        }

        var pieces = SentenceSplitter.Split(text).SelectMany(sentence => Pieces(text, sentence.Start.Value, sentence.End.Value)).ToList();
        var chunks = new List<Chunk>();
        for (var first = 0; first < pieces.Count;)
        {
            var last = LastThatFits(text, pieces, first);
            var (start, end) = (pieces[first].Start, pieces[last].End);
            chunks.Add(new Chunk(ChunkId(document.Id, chunks.Count), document.Id, chunks.Count, document.Title, text[start..end], start, end));
            first = last == pieces.Count - 1 ? pieces.Count : NextStart(text, pieces, first, last);
        }

        return chunks;
    }

    private static string ChunkId(string documentId, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{documentId}#{ordinal}");

    private static bool LooksLikeChunkId(string id)
    {
        var mark = id.LastIndexOf('#');
        return mark >= 0 && mark < id.Length - 1 && id.AsSpan(mark + 1).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private bool Fits(string text, int start, int end)
    {
        // Every token covers at least one byte of UTF-8, so short texts need no tokeniser.
        var part = text.AsSpan(start, end - start);
        return Encoding.UTF8.GetByteCount(part) <= _options.ChunkTokens || TokenCounter.LengthWithin(part, _options.ChunkTokens) == part.Length;
    }

    private int LastThatFits(string text, List<Piece> pieces, int first)
    {
        var last = first;
        var tokens = pieces[first].Tokens;
        while (last + 1 < pieces.Count && tokens + pieces[last + 1].Tokens <= _options.ChunkTokens)
        {
            tokens += pieces[++last].Tokens;
        }

        // Tokens of a whole can be more than those of its parts (the space between belongs to neither): step back until it is true.
        while (last > first && !Fits(text, pieces[first].Start, pieces[last].End))
        {
            last--;
        }

        return last;
    }

    /// <summary>First piece of the chunk after the one that ends with <paramref name="last"/>: repeats what the overlap allows and the next piece leaves room for.</summary>
    private int NextStart(string text, List<Piece> pieces, int first, int last)
    {
        var next = last + 1;
        while (next - 1 > first
            && TokenCounter.Count(text.AsSpan(pieces[next - 1].Start, pieces[last].End - pieces[next - 1].Start)) <= _options.ChunkOverlap
            && Fits(text, pieces[next - 1].Start, pieces[last + 1].End))
        {
            next--;
        }

        return next;
    }

    /// <summary>The sentence itself, or parts of it that fit.</summary>
    private IEnumerable<Piece> Pieces(string text, int start, int end)
    {
        while (start < end)
        {
            var cut = Fits(text, start, end) ? end : CutPoint(text, start, end);
            yield return new Piece(start, cut, TokenCounter.Count(text.AsSpan(start, cut - start)));
            for (start = cut; start < end && char.IsWhiteSpace(text[start]); start++)
            {
            }
        }
    }

    /// <summary>End of a long beginning of a sentence that fits: between words where it can be, never inside a surrogate pair.</summary>
    private int CutPoint(string text, int start, int end)
    {
        var limit = start + Math.Max(1, TokenCounter.LengthWithin(text.AsSpan(start, end - start), _options.ChunkTokens));
        var cut = limit;
        while (cut > start && !char.IsWhiteSpace(text[cut]))
        {
            cut--;
        }

        while (cut > start && char.IsWhiteSpace(text[cut - 1]))
        {
            cut--;
        }

        cut = cut > start ? cut : limit;
        while (!Fits(text, start, cut) || (char.IsLowSurrogate(text[cut]) && cut - start > 1))
        {
            cut--;
        }

        return char.IsLowSurrogate(text[cut]) ? cut + 1 : cut;
    }

    private readonly record struct Piece(int Start, int End, int Tokens);
}
