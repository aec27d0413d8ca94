using System.Globalization;
using System.IO.Compression;
using System.Text;
using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

/// <summary>What a new user gets wrong: each time exit code 2, one message that says where and how to mend it, and nothing lost.</summary>
public sealed class WrongInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "holds no documents")]
    [InlineData("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"a\",\"text\":\"y\"}\n", "corpus.jsonl(2): the id \"a\" is already on line 1")]
    [InlineData("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\"}\n", "corpus.jsonl(2): has no \"text\"")]
    [InlineData("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"te", "corpus.jsonl(2): the last line is cut off")]
    [InlineData("id,title,text\n", "corpus.jsonl(1)")]
    public async Task A_broken_corpus_is_refused_with_file_and_line(string corpus, string message)
    {
        var run = await BuildAsync(_folder.Write("corpus.jsonl", corpus));

        run.Refused(message);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        File.WriteAllBytes(_folder["latin.jsonl"], [.. "{\"id\":\"a\",\"text\":\"caf"u8, 0xE9, .. "\"}\n"u8]);

        (await BuildAsync(_folder["latin.jsonl"])).Refused("latin.jsonl(1)", "UTF-8");
    }

    [Fact]
    public async Task A_gzip_file_that_is_cut_off_or_none_is_refused()
    {
        using (var file = new GZipStream(File.Create(_folder["whole.jsonl.gz"]), CompressionLevel.Fastest))
        {
            file.Write(Encoding.UTF8.GetBytes(SmallCorpus.Text));
        }

        File.WriteAllBytes(_folder["cut.jsonl.gz"], File.ReadAllBytes(_folder["whole.jsonl.gz"])[..100]);

        (await BuildAsync(_folder["cut.jsonl.gz"])).Refused("cut.jsonl.gz", "damaged or cut off");
        (await BuildAsync(_folder.Write("plain.jsonl.gz", SmallCorpus.Text))).Refused("plain.jsonl.gz", "not gzip");
    }

    [Fact]
    public async Task A_line_of_100_MB_is_refused_without_being_held_in_memory()
    {
        using (var file = File.Create(_folder["long.jsonl"]))
        {
            file.Write("{\"id\":\"a\",\"text\":\""u8);
            var words = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("word ", 200_000)));
            for (var written = 0; written < 100; written++)
            {
                file.Write(words);
            }

            file.Write("\"}\n"u8);
        }

        var before = GC.GetTotalAllocatedBytes();
        (await BuildAsync(_folder["long.jsonl"])).Refused("long.jsonl(1)", "longer than", "split the document");

        // Growing a buffer to its limit by doubling allocates about twice the limit, far from the file's 100 MB held as text.
        Assert.True(GC.GetTotalAllocatedBytes() - before < 150_000_000);
    }

    [Fact]
    public async Task A_missing_file_or_folder_is_named()
    {
        (await BuildAsync(_folder["nowhere.jsonl"])).Refused("nowhere.jsonl does not exist");
        (await CommandLine.RunAsync("index", "stats", "--index", _folder["nowhere"])).Refused("does not exist", "index build");
        (await CommandLine.RunAsync("digest", _folder["nowhere"])).Refused("nowhere");
        (await CommandLine.RunAsync("trace", "show", _folder["nowhere"])).Refused("nowhere");
        (await CommandLine.RunAsync("graph", "ppr", "--edges", _folder["nowhere"], "--restart", "a=1")).Refused("nowhere");
        (await CommandLine.RunAsync("config", "show", "--config", _folder["nowhere"])).Refused("there is no such file");
    }

    // A line of another kind of file, text, and a torn line are no trajectories; the message speaks of the file, not of this program's types.
    [Theory]
    [InlineData("{\"id\":\"a\",\"text\":\"b\"}\n", "other.jsonl(1): not a trajectory: something at $.id")]
    [InlineData("Dear all\n", "other.jsonl(1): not a trajectory: it is not JSON")]
    [InlineData("", "holds no attempts yet")]
    public async Task A_file_that_is_no_trajectory_is_refused(string text, string message)
    {
        var show = await CommandLine.RunAsync("trace", "show", _folder.Write("other.jsonl", text));

        show.Refused(message);
        Assert.DoesNotContain("Agentic.", show.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Could not find", (await CommandLine.RunAsync("trace", "show", _folder["nowhere"])).Error, StringComparison.Ordinal);
        (await CommandLine.RunAsync("trace", "show", _folder.Path)).Refused("is a folder", "eval qa --out");
    }

    [Theory]
    [InlineData("index build --corpus {0} --out {0}", "is a file; name a folder")]
    [InlineData("quickstart --out {0}", "is a file; name another place")]
    [InlineData("index stats --index {0}", "is a file; name the folder")]
    [InlineData("graph export --index {1} --out {1}", "is a folder; name a file")]
    [InlineData("eval retrieval --index {1} --questions {0} --run {1}", "is a folder; name a file")]
    [InlineData("eval qa --index {1} --questions {2} --out {1}", "is a folder; name a file")]
    public async Task A_file_for_a_folder_or_a_folder_for_a_file_is_told(string command, string message)
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var questions = _folder.Write("questions.jsonl", """{"id":"q","question":"Where is Harwick?","answers":["Ouse"],"gold":["harwick"]}""");
        object[] places = [_folder["corpus.jsonl"], index, questions];

        (await CommandLine.RunAsync([.. command.Split(' ').Select(word => string.Format(CultureInfo.InvariantCulture, word, places))])).Refused(message);
    }

    // /proc refuses whoever asks, root included.
    [Fact]
    public async Task A_place_that_cannot_be_written_is_told()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs /proc");

        (await CommandLine.RunAsync("index", "build", "--corpus", _folder.Write("corpus.jsonl", SmallCorpus.Text), "--out", "/proc/index")).Refused("/proc/index", "cannot be written", "choose another folder");
        (await CommandLine.RunAsync("graph", "export", "--index", await SmallCorpus.BuildAsync(_folder), "--out", "/proc/graph.json")).Refused("--out /proc/graph.json", "name a file in a folder of yours");
    }

    // /dev/full takes no byte: what a full disk says.
    [Fact]
    public async Task A_full_disk_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var index = await SmallCorpus.BuildAsync(_folder);
        File.CreateSymbolicLink(_folder["graph.json.tmp"], "/dev/full");

        var export = await CommandLine.RunAsync("graph", "export", "--index", index, "--out", _folder["graph.json"]);

        export.Refused("No space left", "the disk is not full");
        Assert.False(File.Exists(_folder["graph.json"]));
    }

    [Fact]
    public async Task An_update_of_an_index_with_triplets_of_a_file_asks_for_that_file()
    {
        var triplets = _folder.Write("triples.jsonl", """{"id":"ida","triples":[["Ida Moran","designed","Kestrel Bridge"]]}""" + "\n");
        var corpus = _folder.Write("corpus.jsonl", SmallCorpus.Text);
        var build = await CommandLine.RunAsync("index", "build", "--corpus", corpus, "--out", _folder["i"], "--triplets", triplets);
        Assert.True(build.Code == ExitCode.Ok, build.Error);

        (await CommandLine.RunAsync("index", "update", "--index", _folder["i"], "--corpus", corpus)).Refused("--triplets FILE");
        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync("index", "update", "--index", _folder["i"], "--corpus", corpus, "--triplets", triplets)).Code);
    }

    [Fact]
    public async Task A_run_begun_with_other_settings_asks_for_force()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var questions = _folder.Write("questions.jsonl", """{"id":"q","question":"Where is Harwick?","answers":["Ouse"],"gold":["harwick"]}""");
        string[] command = ["eval", "qa", "--index", index, "--questions", questions, "--out", _folder["t.jsonl"], "--mode"];
        await CommandLine.RunAsync([.. command, "kag"]);

        (await CommandLine.RunAsync([.. command, "chunks"])).Refused("evidence.mode", "--force");
        Assert.Equal(ExitCode.Ok, (await CommandLine.RunAsync([.. command, "chunks", "--force"])).Code);
    }

    [Fact]
    public async Task A_folder_with_other_things_in_it_is_left_alone()
    {
        var kept = _folder.Write("mine/letter.txt", "dear");
        var corpus = _folder.Write("corpus.jsonl", SmallCorpus.Text);

        (await BuildAsync(corpus, "mine")).Refused("holds other files", "--force");
        var forced = await CommandLine.RunAsync("index", "build", "--corpus", corpus, "--out", _folder["mine"], "--force");

        Assert.Equal(0, forced.Code);
        Assert.Equal("dear", File.ReadAllText(kept));
    }

    [Fact]
    public async Task A_finished_index_of_something_else_is_not_overwritten()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var before = (await CommandLine.RunAsync("digest", index)).Out;

        (await BuildAsync(_folder.Write("other.jsonl", """{"id":"x","text":"Other."}"""), "index")).Refused("index", "--force");

        Assert.Equal(before, (await CommandLine.RunAsync("digest", index)).Out);
    }

    [Fact]
    public async Task A_broken_update_leaves_the_index_as_it_was()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var before = (await CommandLine.RunAsync("digest", index)).Out;

        var update = await CommandLine.RunAsync("index", "update", "--index", index, "--corpus", _folder.Write("more.jsonl", "{\"id\":\"n\",\"text\":\"New.\"}\n{\"id\":7}\n"));

        update.Refused("more.jsonl(2)");
        Assert.Equal(before, (await CommandLine.RunAsync("digest", index)).Out);
    }

    [Fact]
    public async Task An_index_of_another_version_is_refused()
    {
        var index = await SmallCorpus.BuildAsync(_folder);
        var manifest = Path.Combine(index, "index.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"format\": 1", "\"format\": 99", StringComparison.Ordinal));

        (await CommandLine.RunAsync("retrieve", "--index", index, "--query", "Harwick")).Refused("newer version", "build the index again");
    }

    [Theory]
    [InlineData("retrieve --index {0} --query Harwick --limit 0", "--limit must be a whole number of at least 1, not 0")]
    [InlineData("retrieve --index {0} --query Harwick --limit many", "--limit must be a whole number of at least 1, not many")]
    [InlineData("retrieve --index {0} --query Harwick --k1 -1", "must be between 0 and 1000, not -1")]
    [InlineData("ask --index {0} why --policy symbolc", "did you mean 'symbolic'?")]
    [InlineData("ask --index {0} why --policy chat", "needs the name of a model")]
    [InlineData("ask --index {0} why --mode kagg", "did you mean 'kag'?")]
    [InlineData("ask --index {0} why --set agent.maxStep=3", "did you mean 'maxSteps'?")]
    [InlineData("ask --index {0} why --set agent.maxSteps=0", "must be between 1 and 50, not 0")]
    [InlineData("index delete --index {0} --ids ,", "names no document")]
    [InlineData("index build --corpus {0} --out {0}x --triplets ruls", "did you mean 'rules'?")]
    [InlineData("index build --corpus {0} --out {0}x --chunk-tokens 100 --chunk-overlap 60", "at most half")]
    public async Task A_value_that_makes_no_sense_is_refused(string command, string message)
    {
        var index = await SmallCorpus.BuildAsync(_folder);

        (await CommandLine.RunAsync(string.Format(null, command, index).Split(' '))).Refused(message);
    }

    [Theory]
    [InlineData("{\"id\":\"q\",\"qestion\":\"Who?\"}", "questions.jsonl(1): a question row needs id and question")]
    [InlineData("{\"id\":\"q\",\"question\":\"Who?\"}", "answers are needed")]
    [InlineData("{\"id\":\"q\",\"question\":\"Who?\",\"answers\":\"me\"}\n", "questions.jsonl(1)")]
    [InlineData("", "holds no questions")]
    public async Task A_mistyped_row_of_questions_is_refused(string questions, string message)
    {
        var index = await SmallCorpus.BuildAsync(_folder);

        (await CommandLine.RunAsync("eval", "qa", "--index", index, "--questions", _folder.Write("questions.jsonl", questions))).Refused(message);
    }

    [Theory]
    [InlineData("xyzzy plugh?")]
    [InlineData("?")]
    [InlineData("who")]
    public async Task A_question_without_entities_is_answered_as_not_stated(string question)
    {
        var index = await SmallCorpus.BuildAsync(_folder);

        var run = await CommandLine.RunAsync("ask", "--index", index, question);

        Assert.Equal(0, run.Code);
        Assert.Contains("not stated", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_told_before_the_work_begins()
    {
        // Root may write anywhere, so the place is one that no user can make: a folder under a file.
        var index = await SmallCorpus.BuildAsync(_folder);
        var file = _folder.Write("file", "");
        var questions = _folder.Write("questions.jsonl", """{"id":"q","question":"Where is Harwick?","answers":["Ouse"],"gold":["harwick"]}""");

        (await BuildAsync(_folder["corpus.jsonl"], "file/deeper/index")).Refused("file/deeper/index", "is a file; name another place");
        (await CommandLine.RunAsync("graph", "export", "--index", index, "--out", $"{file}/g.json")).Refused("--out", "is a file; name another place");
        (await CommandLine.RunAsync("eval", "retrieval", "--index", index, "--questions", questions, "--run", $"{file}/r.trec")).Refused("--run", "is a file; name another place");
        (await CommandLine.RunAsync("eval", "qa", "--index", index, "--questions", questions, "--out", $"{file}/t.jsonl")).Refused("is a file; name another place");
    }

    private Task<CommandLine> BuildAsync(string corpus, string index = "new") =>
        CommandLine.RunAsync("index", "build", "--corpus", corpus, "--out", _folder[index]);
}
