using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>How a vocabulary is trained.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>Most tokens, the end of text and the 256 bytes included; a text with few words gives fewer.</summary>
    [Range(257, 1_000_000)] public int VocabularySize { get; init; } = 1024;

    /// <summary>Times neighbours must occur to be merged.</summary>
    [Range(1, int.MaxValue)] public int MinimumCount { get; init; } = 2;
}

/// <summary>Trains a byte-level BPE vocabulary and writes it in the format of the HuggingFace tokenizers library.</summary>
/// <remarks>
/// Sennrich et al. 2016 with incremental counts: a merge visits only the words it occurs in. Deterministic and independent of the order of the texts:
/// the most frequent neighbours merge first, of equally frequent ones those with the lower left id, then the lower right id.
/// Id 0 is <c>&lt;|endoftext|&gt;</c> (end and padding; there is no begin), 1 to 256 are the bytes, the rest merges in their order. Digits stay single (<see cref="TextSplitter.SmallVocabulary"/>).
/// </remarks>
public sealed class BpeTrainer(BpeTrainerOptions options)
{
    private const string EndOfText = "<|endoftext|>";
    private readonly BpeTrainerOptions _options = OptionsGuard.Checked(options);
    private readonly TextSplitter _splitter = new([TextSplitter.SmallVocabulary]);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a text's words; lone surrogates become U+FFFD.</summary>
    public void Add(string text)
    {
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (offset, length) in _splitter.Pieces(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(offset, length), out _)++;
        }
    }

    /// <summary>Trains on what was added and writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="AgenticException">No text was added.</exception>
    public ModelTokenizer Write(string folder)
    {
        if (_counts.Count == 0)
        {
            throw new AgenticException("no text to train a vocabulary on; name a file with text");
        }

        Directory.CreateDirectory(folder);
        TokenizerJson.Write(Path.Combine(folder, "tokenizer.json"), Train());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), $$"""
            {
              "add_bos_token": false,
              "add_prefix_space": false,
              "bos_token": null,
              "clean_up_tokenization_spaces": false,
              "eos_token": "{{EndOfText}}",
              "pad_token": "{{EndOfText}}",
              "tokenizer_class": "PreTrainedTokenizerFast",
              "unk_token": null
            }

            """);
        return ModelTokenizer.Load(folder);
    }

    private ByteLevelVocabulary Train()
    {
        var tokens = new List<string> { EndOfText };
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString()));
        var words = _counts.OrderBy(word => word.Key, StringComparer.Ordinal).Select(word => (Encoding.UTF8.GetBytes(word.Key).Select(value => value + 1).ToArray(), word.Value));
        var table = new MergeTable(words);
        var merges = new List<(string, string)>();
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        while (tokens.Count < _options.VocabularySize && table.Best(_options.MinimumCount) is var (left, right))
        {
            // Two merges can spell the same token; the second one would give an id that nothing else can have.
            var token = tokens[left] + tokens[right];
            var id = tokens.Count;
            if (known.Add(token))
            {
                tokens.Add(token);
            }
            else
            {
                id = tokens.IndexOf(token);
            }

            merges.Add((tokens[left], tokens[right]));
            table.Merge(left, right, id);
        }

        var ids = tokens.Select((token, id) => KeyValuePair.Create(token, id)).ToDictionary(StringComparer.Ordinal);
        return new ByteLevelVocabulary(ids, merges, [new AddedToken(0, EndOfText, Special: true)], _splitter.Patterns);
    }
}
