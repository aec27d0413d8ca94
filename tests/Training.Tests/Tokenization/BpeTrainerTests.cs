using System.Text.Json;
using Agentic.Retrieval;
using Agentic.TestSupport;
using CsCheck;

namespace Agentic.Training.Tests;

public sealed class BpeTrainerTests
{
    // Words: "ab" x3, " ab" x2, " abc" x1. Counts: ab 6; then (ab) leaves " "+ab 3, ab+c 1: " ab" is next, then nothing occurs twice.
    [Fact]
    public void The_most_frequent_neighbours_merge_first()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = SmallTokenizer.Train(folder.Path, 1000, ["ab", "ab", "ab", "x ab ab", "x abc"]);

        Assert.Equal(["a b", "Ġ ab"], Merges(folder));
        Assert.Equal(259, tokenizer.VocabularySize);
        Assert.Equal(0, tokenizer.EndId);
        Assert.Equal([258], tokenizer.Encode(" ab"));
    }

    // "cd" and "ab" occur twice each: c = 100, a = 98, so "ab" has the lower left id.
    [Fact]
    public void Of_equally_frequent_neighbours_the_lower_ids_merge_first()
    {
        using var folder = new TemporaryFolder();
        SmallTokenizer.Train(folder.Path, 1000, ["cd", "ab", "cd", "ab"]);

        Assert.Equal(["a b", "c d"], Merges(folder));
    }

    [Fact]
    public void Digits_stay_single_and_the_end_of_text_is_no_merge()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = SmallTokenizer.Train(folder.Path, 400, Enumerable.Repeat("1987 <|endoftext|> 1987", 50));

        Assert.Equal(4, tokenizer.Encode("1987").Count);
        Assert.DoesNotContain(0, tokenizer.Encode("1987 <|endoftext|> 1987"));
    }

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_bytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        var texts = BundledCorpus.Documents.Select(document => document.Text).Take(60).ToList();

        SmallTokenizer.Train(first.Path, 500, texts);
        SmallTokenizer.Train(second.Path, 500, texts.AsEnumerable().Reverse());

        Assert.Equal(File.ReadAllBytes(first["tokenizer.json"]), File.ReadAllBytes(second["tokenizer.json"]));
    }

    // The slow way: count all neighbours of all words anew before each merge.
    [Fact]
    public void Incremental_counts_merge_as_counting_anew_does() =>
        Gen.Char["abc "].Array[1, 60].Select(characters => new string(characters)).Array[1, 6].Sample(
            texts =>
            {
                using var folder = new TemporaryFolder();
                SmallTokenizer.Train(folder.Path, 290, texts);
                Assert.Equal(SlowMerges(texts, 290 - 257), Merges(folder));
            },
            iter: 200);

    [Fact]
    public void Nothing_to_train_on_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no text", Assert.Throws<AgenticException>(() => SmallTokenizer.Train(folder.Path, 300, [])).Message, StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => SmallTokenizer.Train(folder.Path, 256, ["a"]));
    }

    private static List<string> SlowMerges(string[] texts, int most)
    {
        var splitter = new TextSplitter([TextSplitter.SmallVocabulary]);
        var words = texts.SelectMany(text => splitter.Pieces(text).Select(piece => text.Substring(piece.Offset, piece.Length)))
            .Select(word => word.Select(c => c == ' ' ? "Ġ" : c.ToString()).ToList()).ToList();
        var ids = Enumerable.Range(0, 256).ToDictionary(value => ByteAlphabet.Character((byte)value).ToString(), value => value, StringComparer.Ordinal);
        var merges = new List<string>();
        while (ids.Count - 256 < most)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair)
                .OrderByDescending(group => group.Count()).ThenBy(group => ids[group.Key.First]).ThenBy(group => ids[group.Key.Second]).FirstOrDefault();
            if (best is null || best.Count() < 2)
            {
                break;
            }

            var (left, right) = best.Key;
            merges.Add($"{left} {right}");
            ids.TryAdd(left + right, ids.Count);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }

    private static List<string> Merges(TemporaryFolder folder) =>
        [.. JsonDocument.Parse(File.ReadAllText(folder["tokenizer.json"])).RootElement.GetProperty("model").GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)];
}
