using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Retrieval;
using Agentic.TestSupport;
using CsCheck;

namespace Agentic.Training.Tests;

public sealed class ModelTokenizerTests
{
    private static readonly ModelTokenizer Small = SmallTokenizer.Trained(600);

    // The original library folds text to NFC and matches its patterns on code points; here neither happens, and no expected text needs either.
    [Theory, InlineData("gpt-2"), InlineData("qwen2")]
    public void Public_vocabularies_give_the_ids_of_their_own_tokenizers(string name)
    {
        var tokenizer = PublicTokenizers.Load(name);

        foreach (var (text, ids) in PublicTokenizers.Expected(name))
        {
            Assert.Equal((text, string.Join(' ', ids)), (text, string.Join(' ', tokenizer.Encode(text))));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void Any_text_decodes_to_itself() =>
        AnyText.Sample(text => Assert.Equal(text, Small.Decode(Small.Encode(text))), iter: 2000);

    [Fact]
    public void A_stream_gives_the_text_of_the_whole_in_whole_characters() =>
        AnyText.Sample(text =>
        {
            var decoder = Small.StartDecoder();
            var pieces = Small.Encode(text).Select(decoder.Push).Append(decoder.Flush()).ToList();

            Assert.Equal(text, string.Concat(pieces));
            Assert.DoesNotContain(pieces, piece => piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1])));
        });

    [Fact]
    public void Lone_surrogates_become_the_replacement_character() =>
        Assert.Equal("a\ufffdb\ufffd", Small.Decode(Small.Encode("a\ud800b\udc00")));

    [Fact]
    public void The_text_of_a_special_token_is_text()
    {
        var ids = Small.Encode("<|endoftext|>");

        Assert.DoesNotContain(Small.EndId, ids);
        Assert.Equal("<|endoftext|>", Small.Decode(ids));
        Assert.Equal("", Small.Decode([Small.EndId]));
    }

    // The one byte of a cut-off character and ids that do not exist.
    [Fact]
    public void Halves_of_characters_and_unknown_ids_do_not_throw()
    {
        var half = Small.Encode("é")[0];

        Assert.Equal("\ufffd", Small.Decode([half]));
        Assert.Equal("", Small.Decode([-1, int.MaxValue]));
    }

    [Fact]
    public void A_name_has_one_spelling_wherever_it_follows_a_space()
    {
        var name = Small.Encode(" Lurar");

        foreach (var before in (string[])["Entities:", "of", "3", ",", "\n", " ", "(", "'s"])
        {
            var ids = Small.Encode(before + " Lurar");
            Assert.Equal(name, ids.TakeLast(name.Count));
            Assert.Equal(before, Small.Decode(ids.SkipLast(name.Count)));
        }
    }

    [Fact]
    public void Llama2c_vocabulary_gives_the_published_prompt_ids()
    {
        var tokenizer = ModelTokenizer.Load(Path.GetDirectoryName(PublicData.Require("llama-stories260k/tok512.bin"))!);
        using var gzip = new GZipStream(File.OpenRead(PublicData.Require("llama-stories260k/expected.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        while (reader.ReadLine() is { } line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            var prompt = row.GetProperty("prompt").GetString()!;
            var ids = row.GetProperty("prompt_tokens").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var greedy = row.GetProperty("greedy_tokens").EnumerateArray().Select(id => id.GetInt32()).ToArray();

            Assert.Equal(ids, tokenizer.Encode(prompt).Prepend(tokenizer.BosId!.Value));
            Assert.Equal(prompt, tokenizer.Decode(ids));
            Assert.Equal(row.GetProperty("text").GetString()![prompt.Length..].TrimEnd('\n'), tokenizer.DecodeAfter(ids[^1], greedy).TrimEnd('\n'));
        }

        AnyText.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), iter: 300);
    }

    [Theory]
    [InlineData("{}", "has no model")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{", "is not JSON")]
    [InlineData("""{"model":{"type":"Unigram"}}""", "type Unigram")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}""", "twice")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":999999999},"merges":[]}}""", "out of range")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}}""", "not all in the vocabulary")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "no pre_tokenizer")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"}}""", "no ByteLevel")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":7},"pre_tokenizer":{"type":"ByteLevel"}}""", "has not the shape")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"ByteLevel"}}""", "no token that ends")]
    public void A_broken_or_foreign_file_is_refused_with_its_reason(string json, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokenizer.json"], json);

        var error = Assert.ThrowsAny<AgenticException>(() => ModelTokenizer.Load(folder.Path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_is_what_the_configuration_beside_it_says()
    {
        using var folder = new TemporaryFolder();
        Small.CopyTo(folder.Path);
        File.WriteAllText(folder["generation_config.json"], new JsonObject { ["eos_token_id"] = new JsonArray(7, 0) }.ToJsonString());

        var tokenizer = ModelTokenizer.Load(folder.Path);

        Assert.Equal(7, tokenizer.EndId);
        Assert.Null(tokenizer.BosId);
        Assert.Equal(Small.Fingerprint, tokenizer.Fingerprint);
    }

    /// <summary>Valid UTF-16 of every kind: ASCII, accents, letters beyond U+FFFF, controls, runs of spaces.</summary>
    private static Gen<string> AnyText { get; } =
        Gen.OneOf(Gen.Int[32, 126], Gen.Int[0, 0x2ff], Gen.Int[0x10000, 0x10ffff], Gen.Int[0, 0xd7ff], Gen.Const((int)' '), Gen.Const((int)'\n'))
            .Array[0, 40].Select(points => string.Concat(points.Select(char.ConvertFromUtf32)));
}
