using System.Text.Json.Nodes;
using Agentic.TestSupport;

namespace Agentic.EndToEnd.Tests;

public sealed class GenerationCommandTests
{
    private static readonly string Corpus = Path.Combine(BundledCorpus.Folder, "corpus.jsonl");

    [Fact]
    public async Task A_vocabulary_a_model_and_a_policy_come_from_nothing()
    {
        using var folder = new TempFolder();
        var (tokenizer, model) = (folder["tokenizer"], folder["model"]);
        var index = await SmallCorpus.BuildAsync(folder);
        string[] train = ["tokenizer", "train", "--in", Corpus, "--vocabulary", "300", "--out", tokenizer, "--json"];
        Assert.Equal(300, (int)JsonNode.Parse((await CommandLine.RunAsync(train)).Out)!["tokens"]!);
        (await CommandLine.RunAsync(train)).Refused("holds a tokenizer already");
        Assert.Equal(0, (await CommandLine.RunAsync("model", "new", "--tokenizer", tokenizer, "--hidden", "32", "--layers", "1", "--heads", "2", "--context", "2048", "--out", model)).Code);

        string[] generate = ["generate", "--model", model, "--prompt", "The river", "--max-tokens", "6", "--temperature", "0.8", "--seed", "4", "--json"];
        var first = await CommandLine.RunAsync(generate);
        Assert.Equal(first.Out, (await CommandLine.RunAsync(generate)).Out);
        var written = JsonNode.Parse(first.Out)!;
        Assert.Equal(written["ids"]!.AsArray().Count, written["logprobs"]!.AsArray().Count);
        Assert.InRange(written["ids"]!.AsArray().Count, 1, 6);

        // A model that has learned nothing does not follow the protocol: the attempt ends without an answer, and says so.
        var asked = await CommandLine.RunAsync("ask", "--index", index, "Where does the river rise?", "--policy", "local", "--model", model, "--set", "agent.maxCompletionTokens=16");
        Assert.Equal(1, asked.Code);
        Assert.Contains("no answer", asked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_model_was_trained_with_is_its_default_and_the_user_has_the_last_word()
    {
        using var folder = new TempFolder();
        folder.Write("agent.json", """{"format":1,"kind":"sft","prompt":"question","evidence":{"items":3},"agent":{"maxSteps":4},"retriever":{"kind":"bm25","k1":1.5}}""");
        async Task<JsonNode> Shown(params string[] more) =>
            JsonNode.Parse((await CommandLine.RunAsync(["config", "show", "--json", "--set", "policy.kind=local", "--set", $"policy.model={folder.Path}", .. more])).Out)!;

        var settings = await Shown();
        Assert.Equal((3, 4, 1.5, 64), ((int)settings["evidence"]!["items"]!, (int)settings["agent"]!["maxSteps"]!, (double)settings["retriever"]!["k1"]!, (int)settings["evaluation"]!["concurrency"]!));

        var changed = await Shown("--set", "agent.maxSteps=6", "--set", "retriever.kind=title-hop", "--set", "evaluation.concurrency=2");
        Assert.Equal((6, "title-hop", 2), ((int)changed["agent"]!["maxSteps"]!, (string?)changed["retriever"]!["kind"], (int)changed["evaluation"]!["concurrency"]!));
    }

    [Fact]
    public async Task Ids_go_there_and_back_and_what_is_no_id_is_refused()
    {
        using var folder = new TempFolder();
        var (tokenizer, text, ids) = (folder["tokenizer"], folder["text.txt"], folder["ids.json"]);
        await CommandLine.RunAsync("tokenizer", "train", "--in", Corpus, "--vocabulary", "280", "--out", tokenizer);
        File.WriteAllText(text, "Two lines,\r\n and é😀 \n");

        var encoded = await CommandLine.RunAsync("tokenize", "--model", tokenizer, "--in", text, "--json");
        File.WriteAllText(ids, encoded.Out);
        var decoded = await CommandLine.RunAsync("tokenize", "--model", tokenizer, "--in", ids, "--decode", "--json");

        Assert.Equal("Two lines,\r\n and é😀 \n", (string?)JsonNode.Parse(decoded.Out)!["text"]);
        Assert.Equal("AB", (await CommandLine.RunAsync("tokenize", "--model", tokenizer, "--text", "66, 67", "--decode")).Out.Trim());
        (await CommandLine.RunAsync("tokenize", "--model", tokenizer, "--text", "1 999", "--decode")).Refused("'999' is no id");
        (await CommandLine.RunAsync("tokenize", "--model", tokenizer)).Refused("either --text T or --in FILE");
        (await CommandLine.RunAsync("tokenize", "--model", folder.Path, "--text", "a")).Refused("neither tokenizer.json nor tok*.bin");
        (await CommandLine.RunAsync("tokenizer", "train", "--in", text, "--vocabulary", "20", "--out", folder.Path)).Refused("VocabularySize");
    }
}
