using System.Text.Json;
using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Agent.Tests.Preferences;

public sealed class TrlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentic-trl-").FullName;

    private static readonly Gen<string> Words = OneOf("a", "Ida\n", " <Reference>\n", "Final answer: ", "é\"\\", "\n\n", "𝄞").Array[1, 4].Select(parts => string.Concat(parts));

    private static readonly Gen<Segment> AnySegment = Gen.Select(Gen.Int[0, 5], OneOf(Author.Prompt, Author.Policy, Author.Tool), Words, (step, author, text) => new Segment(step, author, text));

    private static readonly Gen<Segment> OwnSegment = Gen.Select(OneOf(Author.Policy, Author.Tool), Words, (author, text) => new Segment(1, author, text));

    private static readonly Gen<Segment[]> Side = Gen.Select(OwnSegment.Array[0, 3], Words, AnySegment.Array[0, 2], (before, said, after) => (Segment[])[.. before, new Segment(2, Author.Policy, said), .. after]);

    private static readonly Gen<PreferencePair> Pair =
        from prompt in AnySegment.Array[0, 4]
        from chosen in Side
        from rejected in Side
        where !Parts(chosen).SequenceEqual(Parts(rejected))
        select new PreferencePair("p", "q", "Who?", [new Segment(0, Author.Prompt, "Question: Who?\n"), .. prompt], chosen, rejected) { Reason = "better" };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task To_trl_and_back_keeps_every_text_and_who_wrote_it() => Pair.Array[1, 5].SampleAsync(async pairs =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Guid())).FullName;
        var (own, trl, back) = (Path.Combine(folder, "own.jsonl"), Path.Combine(folder, "trl.jsonl.gz"), Path.Combine(folder, "back.jsonl"));
        PreferencePair[] named = [.. pairs.Select((pair, number) => pair with { Id = $"p{number}" })];
        await using (var writer = await PairWriter.CreateAsync(own, new DemonstrationHeader(), default))
        {
            foreach (var pair in named)
            {
                await writer.WriteAsync(pair, default);
            }

            await writer.CommitAsync();
        }

        var report = await PairConversion.RunAsync(own, PairForm.Own, trl, PairForm.Trl, default);
        await PairConversion.RunAsync(trl, PairForm.Trl, back, PairForm.Own, default);
        var read = await PairFile.ReadAsync(back, default).ToListAsync();

        Assert.Equal(new PairConversionReport(named.Length, 0, IsHeaderLost: true), report);
        Assert.Equal(named.Select(About), read.Select(About));
        Assert.Equal(named.SelectMany(AllParts), read.SelectMany(AllParts));
    }, iter: 30, threads: 1);

    [Fact]
    public async Task Ids_are_lost_and_counted()
    {
        var (own, trl) = (Path.Combine(_folder, "own.jsonl"), Path.Combine(_folder, "trl.jsonl"));
        await using (var writer = await PairWriter.CreateAsync(own, new DemonstrationHeader(), Cancel))
        {
            await writer.WriteAsync(SamplePair.One, Cancel);
            await writer.CommitAsync();
        }

        Assert.Equal(2, (await PairConversion.RunAsync(own, PairForm.Own, trl, PairForm.Trl, Cancel)).SegmentsWithoutIds);
        var row = JsonDocument.Parse(await File.ReadAllTextAsync(trl, Cancel)).RootElement;
        Assert.Equal(["user", "assistant", "tool"], row.GetProperty("prompt").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["assistant", "tool", "assistant"], row.GetProperty("chosen").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Texts_are_one_segment_each()
    {
        var pair = await ReadAsync("""{"prompt":"The sky is","chosen":" blue.","rejected":" green."}""");

        Assert.Equal("row-1", pair.Id);
        Assert.Equal([(Author.Prompt, "The sky is")], Parts(pair.Prompt));
        Assert.Equal([(Author.Policy, " blue.")], Parts(pair.Chosen));
        Assert.Equal([(Author.Policy, " green.")], Parts(pair.Rejected));
    }

    [Fact]
    public async Task Messages_map_by_the_table_and_those_both_sides_begin_with_are_the_prompt()
    {
        var pair = await ReadAsync("""
            {"chosen":[{"role":"system","content":"Be brief.\n"},{"role":"user","content":"Who?\n"},{"role":"assistant","content":"Ask\n"},{"role":"tool","content":"Ida\n"},{"role":"assistant","content":"Ida"}],
             "rejected":[{"role":"system","content":"Be brief.\n"},{"role":"user","content":"Who?\n"},{"role":"assistant","content":[{"type":"text","text":"I do "},{"type":"text","text":"not know"}]}]}
            """);

        Assert.Equal([(Author.Prompt, "Be brief.\n"), (Author.Prompt, "Who?\n")], Parts(pair.Prompt));
        Assert.Equal([(Author.Policy, "Ask\n"), (Author.Tool, "Ida\n"), (Author.Policy, "Ida")], Parts(pair.Chosen));
        Assert.Equal([(Author.Policy, "I do not know")], Parts(pair.Rejected));
        Assert.Equal([1, 1, 2], pair.Chosen.Select(segment => segment.Step));
        Assert.Equal("Who?", pair.Question);
    }

    // Arguments come as an object (TRL) or as text (OpenAI); the second call has a text beside it that says the same already.
    [Fact]
    public async Task A_call_of_the_search_is_written_in_the_words_of_the_protocol()
    {
        var pair = await ReadAsync("""
            {"prompt":[{"role":"user","content":"Who?\n"}],
             "chosen":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"search","arguments":{"subquery":"Who made Mern?","key_entities":["Mern"]}}}]},
                       {"role":"tool","content":"Ida\n"},
                       {"role":"assistant","tool_calls":[{"function":{"name":"search","arguments":"{\"subquery\":\"Who is Ida?\",\"summary\":\"Ida made it.\"}"}}]}],
             "rejected":[{"role":"assistant","content":"Subquery: Why?\n","tool_calls":[{"function":{"name":"search","arguments":{"subquery":"Why?"}}}]}]}
            """);

        Assert.Equal("Step 1:\nImportant entity: Mern\nSubquery: Who made Mern?\n", pair.Chosen[0].Text);
        Assert.Equal("Summary: Ida made it.\nStep 2:\nImportant entity: \nSubquery: Who is Ida?\n", pair.Chosen[2].Text);
        Assert.Equal("Subquery: Why?\n", pair.Rejected[0].Text);
    }

    [Theory]
    [InlineData("""{"chosen":"a","rejected":"b"}""", "row 1, \"prompt\": is missing")]
    [InlineData("""{"prompt":"a","chosen":"b"}""", "row 1, \"rejected\": is missing")]
    [InlineData("""{"prompt":"a"}""", "row 1, \"chosen\": is missing")]
    [InlineData("""{"prompt":"a","chosen":[{"role":"assistant","content":"x"}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"prompt\": is a text where a list")]
    [InlineData("""{"prompt":[],"chosen":"b","rejected":"c"}""", "row 1, \"prompt\": is a list where a text")]
    [InlineData("""{"chosen":[{"role":"user","content":"A"},{"role":"assistant","content":"x"}],"rejected":[{"role":"user","content":"B"},{"role":"assistant","content":"x"}]}""", "row 1, \"prompt\": differs between the sides")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":[{"role":"critic","content":"x"}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": message 1 has the role \"critic\"")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":["x"],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": message 1 has no role")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":[{"role":"assistant","content":null}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": message 1 has no content")]
    [InlineData("""{"prompt":[{"role":"user","content":[{"type":"image"}]}],"chosen":[{"role":"assistant","content":"x"}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"prompt\": message 1 has a content that is not text")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":[{"role":"assistant","tool_calls":[{"function":{"name":"sum","arguments":{}}}]}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": message 1 calls a function")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":[{"role":"assistant","content":"hm","tool_calls":[{"function":{"name":"search","arguments":{"subquery":"Why?"}}}]}],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": message 1 has a text beside its call")]
    [InlineData("""{"prompt":[{"role":"user","content":"A"}],"chosen":[],"rejected":[{"role":"assistant","content":"y"}]}""", "row 1, \"chosen\": is empty")]
    public async Task A_row_that_does_not_map_is_refused_by_number(string row, string reason)
    {
        var refused = await Assert.ThrowsAsync<AgenticException>(() => ReadAsync(row));

        Assert.Contains("1 row does not map, so nothing was written", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(["trl.jsonl"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private async Task<PreferencePair> ReadAsync(string row)
    {
        var (trl, own) = (Path.Combine(_folder, "trl.jsonl"), Path.Combine(_folder, "own.jsonl"));
        await File.WriteAllTextAsync(trl, JsonSerializer.Serialize(JsonDocument.Parse(row).RootElement) + "\n", Cancel);
        await PairConversion.RunAsync(trl, PairForm.Trl, own, PairForm.Own, Cancel);
        return await PairFile.ReadAsync(own, Cancel).SingleAsync(Cancel);
    }

    private static string Guid() => Path.GetRandomFileName();

    private static (string, string, string, string?) About(PreferencePair pair) => (pair.Id, pair.QuestionId, pair.Question, pair.Reason);

    private static IEnumerable<(Author, string)> Parts(IEnumerable<Segment> segments) => segments.Select(segment => (segment.Author, segment.Text));

    private static IEnumerable<(Author, string)> AllParts(PreferencePair pair) => Parts(pair.Prompt).Concat(Parts(pair.Chosen)).Concat(Parts(pair.Rejected));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(at => choices[at]);
}
