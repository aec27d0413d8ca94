namespace Agentic.Retrieval.Tests;

public sealed class QuestionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_with_everything_is_read_with_everything()
    {
        var question = Assert.Single(await ReadAsync("""
            {"id":"q","type":"bridge","hops":2,"question":"Who?","answers":["A","B"],"gold":["d1","d2"],"gold_complete":false,"evidence_triples":[["h","r","t"]],"decomposition":[{"question":"First?","answer":"x","gold":"d1"},{"question":"#1 >> second","answer":"A","gold":null}]}
            """));

        Assert.Equal(("q", "Who?", "A,B", "d1,d2", false, "bridge", 2), (question.Id, question.Text, string.Join(',', question.Answers), string.Join(',', question.Relevant.Keys), question.GoldComplete, question.Type, question.Hops));
        Assert.Equal([new Fact("h", "r", "t")], question.EvidenceTriplets);
        Assert.Equal([("First?", "x", "d1"), ("#1 >> second", "A", null)], question.Decomposition.Select(step => (step.Text, step.Answer, step.Gold)));
    }

    [Fact]
    public async Task Query_with_grades_keeps_the_relevant_ones()
    {
        var question = Assert.Single(await ReadAsync("""{"id":"1","query":"words","relevant":{"a":2,"b":0,"c":1}}"""));

        Assert.Equal([("a", 2), ("c", 1)], question.Relevant.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Beir_queries_are_those_that_the_split_judges()
    {
        _folder.Write("beir/queries.jsonl", """{"_id":"1","text":"one"}""" + "\n" + """{"_id":"2","text":"two"}""" + "\n");
        _folder.Write("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\n2\td9\t1\n2\td8\t0\n");

        var question = Assert.Single(await QuestionFile.ReadAsync(_folder["beir"], Token));

        Assert.Equal(("2", "two", "d9"), (question.Id, question.Text, Assert.Single(question.Relevant.Keys)));
    }

    [Fact]
    public async Task Native_questions_name_the_documents_that_the_corpus_reader_makes_of_the_same_file()
    {
        var path = _folder.Write("2wiki.json", """[{"_id":"q","type":"inference","question":"Who?","answer":"Bob","context":[["A",["One."]],["B",["Two."]]],"supporting_facts":[["B",0],["B",1]],"evidences":[["B","is","Two"]]}]""");

        var question = Assert.Single(await QuestionFile.ReadAsync(path, Token));
        var documents = await CorpusReader.Open(path).ReadAsync(Token).ToListAsync(Token);

        Assert.Equal([documents.Single(document => document.Title == "B").Id], question.Relevant.Keys);
        Assert.Equal("Bob", Assert.Single(question.Answers));
        Assert.Equal([new Fact("B", "is", "Two")], question.EvidenceTriplets);
    }

    [Fact]
    public async Task Musique_gives_hops_aliases_and_not_stated()
    {
        const string Paragraphs = "\"paragraphs\":[{\"title\":\"A\",\"paragraph_text\":\"One.\",\"is_supporting\":true},{\"title\":\"B\",\"paragraph_text\":\"Two.\",\"is_supporting\":false}]";
        const string Hops = "\"question_decomposition\":[{\"question\":\"A >> b\",\"answer\":\"x\",\"paragraph_support_idx\":0}]";

        var questions = await ReadAsync(
            $"{{\"id\":\"1\",\"question\":\"?\",\"answer\":\"x\",\"answer_aliases\":[\"ex\",\"x\"],\"answerable\":true,{Paragraphs},{Hops}}}\n{{\"id\":\"2\",\"question\":\"?\",\"answer\":\"x\",\"answerable\":false,{Paragraphs}}}");

        Assert.Equal(["x", "ex"], questions[0].Answers);
        Assert.Equal(1, questions[0].Hops);
        Assert.Equal(Assert.Single(questions[0].Relevant.Keys), Assert.Single(questions[0].Decomposition).Gold);
        Assert.Equal(["not stated"], questions[1].Answers);
    }

    [Theory]
    [InlineData("""{"id":"q","ask":"Who?"}""", 1, "a question row needs id and question")]
    [InlineData("""{"id":"q","question":["Who?"]}""", 1, "\"question\" must be a text, not a list")]
    [InlineData("""{"id":"q","question":"Who?","answers":"A"}""", 1, "\"answers\" must be a list, not a text")]
    [InlineData("""{"id":"q","question":"Who?","gold":[1]}""", 1, "\"gold\" must be a text, not a number")]
    [InlineData("""{"id":"q","question":"Who?","gold_complete":"no"}""", 1, "\"gold_complete\" must be true or false")]
    [InlineData("""{"id":"q","question":"Who?","hops":2.5}""", 1, "\"hops\" must be a whole number")]
    [InlineData("""{"id":"q","query":"x","relevant":["a"]}""", 1, "\"relevant\" must be an object")]
    [InlineData("""{"id":"q","query":"x","relevant":{"a":"yes"}}""", 1, "the grade of \"a\"")]
    [InlineData("""{"id":"q","question":"Who?","evidence_triples":[["a","b"]]}""", 1, "[head, relation, tail]")]
    [InlineData("{\"id\":\"q\",\"question\":\"a\"}\n{\"id\":\"q\",\"question\":\"b\"}", 2, "already on line 1")]
    [InlineData("""{"_id":"q","text":"Who?"}""", 1, "a question row needs a field \"question\" or \"query\"")]
    [InlineData("", 0, "holds no questions")]
    public async Task Mistyped_row_is_refused_with_its_line(string content, long line, string reason)
    {
        var refusal = await Assert.ThrowsAsync<InputFormatException>(() => ReadAsync(content));

        Assert.Equal(line, refusal.Line);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<IReadOnlyList<Question>> ReadAsync(string content) => QuestionFile.ReadAsync(_folder.Write("questions.jsonl", content), Token);
}
