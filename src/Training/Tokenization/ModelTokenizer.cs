using System.Security.Cryptography;
using System.Text;

namespace Agentic.Training;

/// <summary>A file of a tokenizer.</summary>
internal sealed record TokenizerFile(string Name, byte[] Content)
{
    public static TokenizerFile Read(string path) => new(Path.GetFileName(path), File.ReadAllBytes(path));
}

/// <summary>A model's own vocabulary: text to token ids and back.</summary>
/// <remarks>
/// Safe for concurrent use. Every segment of a trajectory is encoded on its own and the ids are joined; nobody encodes across the end of a segment.
/// Lone surrogates of a text become U+FFFD; of every other text, Decode(Encode(text)) is the text where the vocabulary has all 256 bytes.
/// </remarks>
public sealed class ModelTokenizer
{
    private readonly ITokenCoder _coder;
    private readonly Lazy<string> _fingerprint;

    internal ModelTokenizer(ITokenCoder coder, int endId, int? bosId, IReadOnlyList<TokenizerFile> files)
    {
        (_coder, EndId, BosId, Files) = (coder, endId, bosId, files);
        _fingerprint = new(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', coder.Facts())))));
    }

    /// <summary>One more than the highest id; a model may have more rows than that.</summary>
    public int VocabularySize => _coder.Size;

    /// <summary>The id every sequence opens with, or null where a model has none.</summary>
    public int? BosId { get; }

    /// <summary>The id a policy's turn ends with; it has no text.</summary>
    public int EndId { get; }

    /// <summary>SHA-256 of the vocabulary, its merges and its splitting, in lower-case hex: equal for tokenizers that encode and decode alike.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The files it was read from, as they were then.</summary>
    internal IReadOnlyList<TokenizerFile> Files { get; }

    /// <summary>Reads <c>tokenizer.json</c> (byte-level BPE) with the end and begin ids of the configuration beside it, or the <c>tok*.bin</c> of a llama2.c folder.</summary>
    /// <exception cref="Retrieval.AgenticException">There is no tokenizer, or it is of a kind that is not read.</exception>
    public static ModelTokenizer Load(string folder) => TokenizerFolder.Load(folder);

    /// <summary>Ids of a text as it stands: the text of a special token in it is text.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _coder.Encode(Valid(text));
    }

    /// <summary>Text of ids; special tokens and ids outside the vocabulary have none, and bytes that are no character become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids) => Decode(ids, StartDecoder());

    /// <summary>Text of ids that go on behind another one.</summary>
    public string DecodeAfter(int previousId, IEnumerable<int> ids) => Decode(ids, StartDecoder(previousId));

    /// <summary>A decoder of ids that come one by one.</summary>
    /// <param name="previousId">The id before the first; null at the start of a text. It decides whether the space that some vocabularies put before a text is taken away.</param>
    public TokenDecoder StartDecoder(int? previousId = null) => new(_coder, previousId is null || previousId == BosId);

    /// <summary>Writes the files it was read from into another folder, byte for byte, so that a model saved there is whole.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Files)
        {
            File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
        }
    }

    private static string Decode(IEnumerable<int> ids, TokenDecoder decoder)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            text.Append(decoder.Push(id));
        }

        return text.Append(decoder.Flush()).ToString();
    }

    private static string Valid(string text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
}
