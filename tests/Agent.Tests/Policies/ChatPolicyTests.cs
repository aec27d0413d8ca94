using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Agent.Tests;

public sealed class ChatPolicyTests
{
    private const string First = "Step 1:\nImportant entity: Nora Vale\nSubquery: Where was Nora Vale born?\n";
    private const string Last = "Summary: she was born in Ullin\nFinal answer: Ullin";

    private static readonly ResilienceOptions Quick = new() { BaseDelaySeconds = 0.001, MaxDelaySeconds = 0.002, MaxRetries = 4, AttemptTimeoutSeconds = 30 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ChatPolicyOptions OptionsFor(string address) => new() { Endpoint = address, Model = "scripted", Resilience = Quick };

    private static Task<Trajectory> AskAsync(ChatPolicyOptions options, AgentLoopOptions? limits = null, string? apiKey = null) =>
        new AgentBuilder()
            .WithPolicy(options.Build(new PolicyResources(new NoLinker()) { ApiKey = apiKey }))
            .WithEvidence(new FakeEvidence(FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin.")))
            .WithOptions(limits ?? new AgentLoopOptions())
            .Build()
            .AskAsync("Where was she born?", Cancellation);

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tool_free_rounds_lead_to_the_answer(bool streaming)
    {
        await using var server = new ScriptedChatServer(call => Reply(call.Number == 0 ? First : Last));
        ChatReply Reply(string text) => streaming ? ChatReply.Stream(text) : ChatReply.Completion(text);

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Streaming = streaming });

        Assert.Equal((StopReason.Answered, "Ullin"), (trajectory.Stop, trajectory.Answer));
        Assert.Equal("chat/1:scripted", trajectory.PolicyId);
        Assert.Equal("/v1/chat/completions", server.Calls[0].Path);
        Assert.Equal(["Question: Where was she born?"], server.Calls[0].Messages("user"));
        Assert.Equal([First], server.Calls[1].Messages("assistant"));
        Assert.StartsWith("<Reference>\nEvidence 1: Title: \"Nora Vale\"", server.Calls[1].Messages("user")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_sampling_field_is_sent_and_the_seed_is_the_attempts()
    {
        await using var server = new ScriptedChatServer(ChatReply.Completion(First), ChatReply.Completion(Last));

        await AskAsync(OptionsFor(server.Address) with { Temperature = 0.5, TopP = 0.25 }, new AgentLoopOptions { MaxCompletionTokens = 77 });

        var body = server.Calls[0].Body;
        Assert.Equal(0.5, (double)body["temperature"]!);
        Assert.Equal(0.25, (double)body["top_p"]!);
        Assert.Equal(0, (double)body["frequency_penalty"]!);
        Assert.Equal(0, (double)body["presence_penalty"]!);
        Assert.Equal(77, (int)body["max_completion_tokens"]!);
        Assert.Equal("<Reference>", (string?)body["stop"]![0]);
        Assert.NotEqual((long)body["seed"]!, (long)server.Calls[1].Body["seed"]!);
        Assert.True((bool)body["return_token_ids"]!);
        Assert.True((bool)body["logprobs"]!);
    }

    [Fact]
    public async Task Token_ids_and_log_probabilities_are_recorded_where_the_server_has_them()
    {
        await using var server = new ScriptedChatServer(ChatReply.Completion(First, [5, 6], [-0.5, -0.25]), ChatReply.Completion(Last, [7, 8], [-1]));

        var segments = (await AskAsync(OptionsFor(server.Address))).Segments;

        Assert.Equal([5, 6], segments[1].TokenIds);
        Assert.Equal([-0.5, -0.25], segments[1].LogProbs);
        Assert.Equal([7, 8], segments[3].TokenIds);
        Assert.Null(segments[3].LogProbs);
    }

    [Fact]
    public async Task A_wish_that_the_server_does_not_know_is_dropped_for_good()
    {
        await using var server = new ScriptedChatServer(call => call.Body.ContainsKey("return_token_ids")
            ? ChatReply.Error(400, "Unrecognized request argument supplied: return_token_ids")
            : ChatReply.Completion(call.Messages("assistant").Count == 0 ? First : Last));

        var trajectory = await AskAsync(OptionsFor(server.Address));

        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Equal([true, false, false], server.Calls.Select(call => call.Body.ContainsKey("return_token_ids")));
        Assert.All(server.Calls, call => Assert.True(call.Body.ContainsKey("logprobs")));
    }

    [Fact]
    public async Task Tool_rounds_are_the_same_protocol()
    {
        await using var server = new ScriptedChatServer(
            ChatReply.Call("search", """{"subquery": "Where was Nora Vale born?", "key_entities": ["Nora Vale"]}"""),
            ChatReply.Call("search", """{"subquery": "Where is Ullin?", "key_entities": "Ullin", "summary": "she was born in Ullin"}"""),
            ChatReply.Completion("Summary: it is in Averra\nFinal answer: Averra"));

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Rounds = ChatRounds.Tools });

        Assert.Equal((StopReason.Answered, "Averra"), (trajectory.Stop, trajectory.Answer));
        Assert.Equal(First, trajectory.Segments[1].Text);
        Assert.Equal(["she was born in Ullin", "it is in Averra"], trajectory.Steps.Select(step => step.Summary));
        Assert.Equal(["Ullin"], trajectory.Steps[1].KeyEntities);
        Assert.Equal("search", (string?)server.Calls[0].Body["tools"]![0]!["function"]!["name"]);
        Assert.Single(server.Calls[1].Messages("tool"), text => text.Contains("<Reference>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shell", """{"command": "rm"}""")]
    [InlineData("search", "{\"subquery\": ")]
    [InlineData("search", """{"subquery": 7}""")]
    [InlineData("search", "[]")]
    public async Task A_call_that_is_no_search_is_malformed_data(string name, string arguments)
    {
        await using var server = new ScriptedChatServer(ChatReply.Call(name, arguments));

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Rounds = ChatRounds.Tools });

        Assert.True(trajectory.Stop is StopReason.Malformed or StopReason.PolicyFailed);
        Assert.NotNull(trajectory.Problem);
        Assert.Empty(trajectory.Steps);
    }

    [Fact]
    public async Task A_model_that_answers_in_its_own_words_in_tool_rounds_has_answered()
    {
        await using var server = new ScriptedChatServer(ChatReply.Call("search", """{"subquery": "Where was she born?"}"""), ChatReply.Completion("Ullin"));

        Assert.Equal("Ullin", (await AskAsync(OptionsFor(server.Address) with { Rounds = ChatRounds.Tools })).Answer);
    }

    [Theory, InlineData(ChatRounds.Text), InlineData(ChatRounds.Tools)]
    public async Task At_the_cap_the_model_is_asked_for_its_answer_alone(ChatRounds rounds)
    {
        await using var server = new ScriptedChatServer(call => call.Body["messages"]!.AsArray()[^1]!.ToJsonString().Contains("used up", StringComparison.Ordinal)
            ? ChatReply.Completion("Final answer: Ullin")
            : rounds == ChatRounds.Tools
                ? ChatReply.Call("search", $$"""{"subquery": "question {{call.Number}}", "summary": "more"}""")
                : ChatReply.Completion((call.Number == 0 ? "" : "Summary: more\n") + ProtocolText.RenderStep(call.Number + 1, [], $"question {call.Number}")));

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Rounds = rounds }, new AgentLoopOptions { MaxSteps = 2 });

        Assert.Equal((StopReason.StepLimit, "Ullin", 2), (trajectory.Stop, trajectory.Answer, trajectory.Steps.Count));
        Assert.False(server.Calls[^1].Body.ContainsKey("tools"));
    }

    [Fact]
    public async Task A_storm_of_throttling_is_waited_out()
    {
        await using var server = new ScriptedChatServer(call => call.Number < 4
            ? ChatReply.Error(429, "slow down", retryAfter: "0")
            : ChatReply.Completion(call.Number == 4 ? First : Last));

        Assert.Equal("Ullin", (await AskAsync(OptionsFor(server.Address))).Answer);
        Assert.Equal(6, server.Calls.Count);
    }

    [Fact]
    public async Task A_storm_that_outlasts_the_retries_is_an_outcome()
    {
        await using var server = new ScriptedChatServer(ChatReply.Error(429, "slow down", retryAfter: "0"));

        var trajectory = await AskAsync(OptionsFor(server.Address));

        Assert.Equal(StopReason.PolicyFailed, trajectory.Stop);
        Assert.Contains("429", trajectory.Problem, StringComparison.Ordinal);
        Assert.Equal(5, server.Calls.Count);
    }

    public static TheoryData<string, ChatReply, bool, int, string> Troubles => new()
    {
        { "truncated stream", ChatReply.Stream(First, isWhole: false), true, 5, "broke off" },
        { "stream without an end", ChatReply.Stream(First) with { Pieces = [.. ChatReply.Stream(First).Pieces.Take(20)] }, true, 5, "broke off" },
        { "page instead of JSON", ChatReply.Html(), false, 1, "text/html where JSON was due" },
        { "page instead of a stream", ChatReply.Html(), true, 1, "text/html where a stream of events was due" },
        { "page of a dying proxy", ChatReply.Html(502), false, 5, "not well" },
        { "truncated JSON", ChatReply.Completion(First) with { BreaksOff = true }, false, 5, "broke off" },
        { "half a JSON object", new ChatReply(200, "application/json", ["{\"choices\": ["u8.ToArray()]), false, 5, "not whole" },
        { "JSON of another kind", new ChatReply(200, "application/json", ["{\"ok\": true}"u8.ToArray()]), false, 1, "no completion" },
        { "empty body", new ChatReply(200, "application/json", []), false, 1, "where JSON was due" },
        { "no answer", ChatReply.Html() with { HangsUp = true }, false, 5, "broke off" },
        { "bad request", ChatReply.Error(400, "max_completion_tokens must be positive"), false, 1, "refused the call" },
        { "too long", ChatReply.Error(400, "This model's maximum context length is 4096 tokens"), false, 1, "longer than the model's context" },
        { "server error", ChatReply.Error(503, "loading"), false, 5, "not well" },
    };

    [Theory, MemberData(nameof(Troubles))]
    public async Task Trouble_ends_in_a_recorded_outcome(string trouble, ChatReply reply, bool streaming, int calls, string problem)
    {
        await using var server = new ScriptedChatServer(reply);

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Streaming = streaming });

        Assert.True(trajectory.Stop == StopReason.PolicyFailed, trouble);
        Assert.Contains(problem, trajectory.Problem, StringComparison.Ordinal);
        Assert.Equal(calls, server.Calls.Count);
    }

    [Fact]
    public async Task Trouble_that_passes_is_not_seen_in_the_outcome()
    {
        await using var server = new ScriptedChatServer(call => call.Number switch
        {
            0 => ChatReply.Stream(First, isWhole: false),
            1 => ChatReply.Html(503),
            2 => ChatReply.Html() with { HangsUp = true },
            3 => ChatReply.Stream(First, pieceLength: 1),
            _ => ChatReply.Stream(Last.Replace("Ullin", "Üllin 😀", StringComparison.Ordinal), pieceLength: 1),
        });

        Assert.Equal("Üllin 😀", (await AskAsync(OptionsFor(server.Address) with { Streaming = true })).Answer);
    }

    [Fact]
    public async Task A_stream_without_bounds_is_left_at_the_limit()
    {
        await using var server = new ScriptedChatServer(ChatReply.Stream(new string('x', 4_000), pieceLength: 1_000));

        var trajectory = await AskAsync(OptionsFor(server.Address) with { Streaming = true }, new AgentLoopOptions { MaxCompletionTokens = 16 });

        Assert.Equal(StopReason.Malformed, trajectory.Stop);
        Assert.InRange(trajectory.Segments[^1].Text.Length, 1, 16 * 32);
    }

    [Fact]
    public async Task An_endpoint_that_is_down_from_the_start_is_said_to_be_so()
    {
        using var dead = new DeadEndpoint();
        var address = dead.Address;

        var missing = await Assert.ThrowsAsync<EndpointUnreachableException>(() => AskAsync(OptionsFor(address)));

        Assert.Contains(address, missing.Message, StringComparison.Ordinal);
        Assert.Contains("Check that the server runs", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Check the API key")]
    [InlineData(404, "Check the model's name")]
    public async Task A_refused_key_or_model_stops_at_once(int status, string advice)
    {
        await using var server = new ScriptedChatServer(ChatReply.Error(status, "no"));

        Assert.Contains(advice, (await Assert.ThrowsAsync<EndpointUnreachableException>(() => AskAsync(OptionsFor(server.Address)))).Message, StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task The_key_is_sent_and_is_in_nothing_that_is_kept()
    {
        const string Key = "canary-7f3a";
        await using var server = new ScriptedChatServer(ChatReply.Completion(First), ChatReply.Error(400, "no"));
        var options = OptionsFor(server.Address);

        var trajectory = await AskAsync(options, apiKey: Key);

        Assert.Equal($"Bearer {Key}", server.Calls[0].Headers["authorization"]);
        Assert.DoesNotContain(Key, System.Text.Encoding.UTF8.GetString(TrajectoryJson.Write("run", "hash", trajectory)), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_endpoint_and_model_are_named_together()
    {
        var problems = Assert.Throws<OptionsException>(() => new ChatPolicyOptions().Build(new PolicyResources(new NoLinker()))).Problems;

        Assert.Contains(problems, problem => problem.Contains("endpoint", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("model", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("ftp://localhost/v1")]
    [InlineData("http://user:secret@localhost:8000/v1")]
    [InlineData("http://localhost:8000/v1?key=secret")]
    public void An_address_that_is_none_or_holds_a_secret_is_refused(string address)
    {
        var problem = Assert.Throws<OptionsException>(() => OptionsFor(address).Build(new PolicyResources(new NoLinker())));

        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    private sealed class NoLinker : IEntityLinker
    {
        public IReadOnlyList<LinkedEntity> Link(string text, int limit) => [];
    }
}
