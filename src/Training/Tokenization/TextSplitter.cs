using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Agentic.Training;

/// <summary>Cuts a text into the pieces that merges never cross: each pattern in turn cuts the pieces of the one before it, and what a pattern does not match is a piece too.</summary>
/// <remarks>
/// .NET's patterns see UTF-16: a character beyond U+FFFF is two surrogates and no letter to them, where the original library sees a letter or a digit.
/// Such text may be cut otherwise than there, never wrongly: no cut falls inside a pair, and decoding is exact.
/// </remarks>
internal sealed class TextSplitter(IReadOnlyList<string> patterns) : PreTokenizer
{
    /// <summary>GPT-2's pattern with digits one by one: a word, a digit or a run of marks takes the space before it, so a name has one spelling wherever it follows a space.</summary>
    public const string SmallVocabulary = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's pattern, which a ByteLevel pre-tokenizer with <c>use_regex</c> means.</summary>
    public const string Gpt2 = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Regex[] _patterns = [.. patterns.Select(pattern => new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant))];

    /// <summary>The patterns, in order.</summary>
    public IReadOnlyList<string> Patterns { get; } = patterns;

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Pieces(text);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Pieces(text);

    /// <summary>The pieces in order; together they are the whole text.</summary>
    public List<(int Offset, int Length)> Pieces(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        if (text.Length > 0)
        {
            pieces.Add((0, text.Length));
        }

        foreach (var pattern in _patterns)
        {
            var cut = new List<(int Offset, int Length)>();
            foreach (var (offset, length) in pieces)
            {
                var start = 0;
                var piece = text.Slice(offset, length);
                foreach (var match in pattern.EnumerateMatches(piece))
                {
                    start = Add(cut, piece, offset, start, match.Index);
                    start = Add(cut, piece, offset, start, match.Index + match.Length);
                }

                Add(cut, piece, offset, start, length);
            }

            pieces = cut;
        }

        return pieces;
    }

    private static int Add(List<(int Offset, int Length)> pieces, ReadOnlySpan<char> text, int offset, int start, int end)
    {
        if (end > 0 && end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]))
        {
            end++;
        }

        if (end <= start)
        {
            return start;
        }

        pieces.Add((offset + start, end - start));
        return end;
    }
}
