using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Agentic.Training;

/// <summary>Byte-level BPE over Microsoft.ML.Tokenizers.</summary>
/// <remarks>
/// The library encodes. Decoding is by each token's bytes here, because the library decodes whole sequences only and a stream has to hold back half characters.
/// Its special tokens are not used, because it would find their text inside a text.
/// </remarks>
internal sealed class ByteLevelCoder : ITokenCoder
{
    private readonly ByteLevelVocabulary _vocabulary;
    private readonly BpeTokenizer _tokenizer;
    private readonly byte[][] _bytes;

    /// <exception cref="ArgumentException">A pattern is not one .NET reads, or a merge makes no token of the vocabulary.</exception>
    public ByteLevelCoder(ByteLevelVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var special = vocabulary.Added.Where(token => token.Special).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        _tokenizer = BpeTokenizer.Create(new BpeOptions(vocabulary.Tokens.Where(token => !special.Contains(token.Key)))
        {
            Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            PreTokenizer = new TextSplitter(vocabulary.Patterns),
            ByteLevel = true,
        });

        Size = 1 + Math.Max(vocabulary.Tokens.Values.DefaultIfEmpty(-1).Max(), vocabulary.Added.Select(token => token.Id).DefaultIfEmpty(-1).Max());
        _bytes = new byte[Size][];
        Array.Fill(_bytes, []);
        foreach (var (token, id) in vocabulary.Tokens)
        {
            _bytes[id] = ByteAlphabet.Bytes(token);
        }

        foreach (var token in vocabulary.Added)
        {
            _bytes[token.Id] = token.Special ? [] : System.Text.Encoding.UTF8.GetBytes(token.Content);
        }
    }

    public int Size { get; }

    public bool PrefixesSpace => false;

    public IReadOnlyList<int> Encode(string text) => _tokenizer.EncodeToIds(text);

    public ReadOnlySpan<byte> BytesOf(int id) => _bytes[id];

    public IEnumerable<string> Facts()
    {
        var tokens = _vocabulary.Tokens.OrderBy(token => token.Value).ThenBy(token => token.Key, StringComparer.Ordinal);
        return _vocabulary.Patterns.Select(pattern => $"split {pattern}")
            .Concat(tokens.Select(token => string.Create(CultureInfo.InvariantCulture, $"token {token.Value} {token.Key}")))
            .Concat(_vocabulary.Added.Select(token => string.Create(CultureInfo.InvariantCulture, $"added {token.Id} {token.Special} {Regex.Escape(token.Content)}")))
            .Concat(_vocabulary.Merges.Select(merge => $"merge {merge.Left} {merge.Right}"));
    }
}
