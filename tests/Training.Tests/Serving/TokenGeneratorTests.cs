using Agentic.Retrieval;

namespace Agentic.Training.Tests;

public sealed class TokenGeneratorTests
{
    private const int Tokens = 8;
    private static readonly ModelTokenizer Tokenizer = SmallTokenizer.Trained(SmallModels.Options.VocabularySize);
    private static readonly SamplingOptions Warm = new() { Temperature = 0.9, TopK = 120, TopP = 0.97, MinP = 0.001 };

    // Uncached and one at a time: the whole sequence is read anew for each token, by one thread.
    [Fact]
    public async Task Five_hundred_prompts_side_by_side_give_what_each_gives_alone_and_uncached()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var slow = new ManagedDecoder(model, threads: 1);
        var prompts = Prompts(500);
        var generations = await Generate(model, new GeneratorOptions { MaxSequences = 37, PromptRows = 50 }, prompts, new SamplingOptions());

        Assert.All(prompts.Zip(generations), pair => Assert.Equal(Uncached(slow, pair.First, Tokens), pair.Second.Tokens.Select(token => token.Id)));
        Assert.True(generations.Count(generation => generation.ReusedTokens > 0) > 100, "prompts that begin alike should share");
    }

    // Token t of a causal model's whole sequence has the logits of a generation that had come to t. Torch adds in another order:
    // where two tokens are within 1e-5 it may prefer the other, so the choice is held to the highest logit within that.
    [Fact]
    public async Task Choices_and_log_probabilities_are_those_of_the_model_over_the_whole_sequence()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        var prompts = Prompts(500);
        var greedy = await Generate(model, new GeneratorOptions(), prompts, new SamplingOptions());
        var sampled = await Generate(model, new GeneratorOptions(), prompts[..100], Warm);

        foreach (var (generations, isGreedy) in new[] { (greedy, true), (sampled, false) })
        {
            foreach (var (prompt, generation) in prompts.Zip(generations))
            {
                var ids = generation.Tokens.Select(token => token.Id).ToList();
                var logits = SmallModels.Logits(model, [.. prompt, .. ids.SkipLast(1)]);
                for (var at = 0; at < ids.Count; at++)
                {
                    var (row, token) = (logits[prompt.Length - 1 + at], generation.Tokens[at]);
                    var logSum = row.Max() + Math.Log(row.Sum(logit => Math.Exp(logit - row.Max())));
                    var entropy = -row.Sum(logit => Math.Exp(logit - logSum) * (logit - logSum));
                    Assert.Equal(row[token.Id] - logSum, token.LogProb, 1e-4);
                    Assert.Equal(entropy, token.Entropy, 1e-4);
                    Assert.True(!isGreedy || row[token.Id] >= row.Max() - 1e-5, "greedy takes the highest");
                }
            }
        }
    }

    [Fact]
    public async Task What_is_sampled_depends_on_the_seed_and_not_on_the_batch()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        var prompts = Prompts(60);
        var alone = await Generate(model, new GeneratorOptions { MaxSequences = 1, KeptTokens = 0 }, prompts, Warm, threads: 1);
        var together = await Generate(model, new GeneratorOptions { MaxSequences = 60, PromptRows = 7 }, prompts, Warm);

        Assert.Equal(alone.Select(Told), together.Select(Told));
        Assert.True(alone.Select(Told).Distinct(StringComparer.Ordinal).Count() > 50, "seeds differ");
    }

    [Fact]
    public async Task Samples_of_one_prompt_read_it_once()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var generator = Generator(model, new GeneratorOptions { PromptRows = 30 });
        var prompt = SmallModels.RandomTokens(new Random(3), 100, 300);

        var generations = await Task.WhenAll(Enumerable.Range(0, 8).Select(sample =>
            generator.GenerateAsync(new GenerationRequest(prompt) { MaxTokens = 5, Sampling = Warm, Seed = new Seed((ulong)sample) }, Cancelled)));

        // The first reads 30 at a time; the others wait until less than a block of their 99 is to come, and read that themselves.
        Assert.Equal(7 * 90, generations.Sum(generation => generation.ReusedTokens));
    }

    [Fact]
    public async Task The_next_step_of_a_sequence_goes_on_where_it_ended()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var generator = Generator(model, new GeneratorOptions());
        var prompt = SmallModels.RandomTokens(new Random(4), 60, 300);
        var first = await generator.GenerateAsync(new GenerationRequest(prompt) { MaxTokens = 10, StopsAtEnd = false }, Cancelled);

        int[] longer = [.. prompt, .. first.Tokens.Select(token => token.Id), 7, 8, 9];
        var second = await generator.GenerateAsync(new GenerationRequest(longer) { MaxTokens = 3, StopsAtEnd = false }, Cancelled);

        // The last token of the first generation was chosen but never read.
        Assert.Equal(69, second.ReusedTokens);
        using var slow = new ManagedDecoder(model, threads: 1);
        Assert.Equal(Uncached(slow, longer, 3, stopsAtEnd: false), second.Tokens.Select(token => token.Id));
    }

    [Fact]
    public async Task Stops_end_the_text_before_them_and_keep_count_of_exact_tokens()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var generator = Generator(model, new GeneratorOptions());
        var request = new GenerationRequest([5, 6, 7]) { MaxTokens = 40, StopsAtEnd = false };
        var free = await generator.GenerateAsync(request, Cancelled);
        Assert.Equal(FinishReason.MaxTokens, free.Finish);
        Assert.Equal(40, free.Tokens.Count);
        var ids = free.Tokens.Select(token => token.Id).ToArray();
        for (var at = 1; at + 2 < free.Text.Length; at += 3)
        {
            var stop = free.Text.Substring(at, 2);
            var cut = await generator.GenerateAsync(request with { Stops = ["never this", stop] }, Cancelled);

            Assert.Equal(FinishReason.StopString, cut.Finish);
            Assert.Equal(free.Text[..free.Text.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
            Assert.Equal(ids[..cut.Tokens.Count], cut.Tokens.Select(token => token.Id));
            var spells = Enumerable.Range(0, 41).Select(count => (int?)count).FirstOrDefault(count => Tokenizer.DecodeAfter(7, ids[..count!.Value]) == cut.Text);
            Assert.Equal(spells, cut.ExactTokens);
        }

        var ended = await generator.GenerateAsync(request with { StopIds = [ids[4]] }, Cancelled);
        Assert.Equal((FinishReason.End, Array.IndexOf(ids, ids[4]) + 1), (ended.Finish, ended.Tokens.Count));
    }

    [Fact]
    public async Task A_stream_is_the_text_in_pieces_and_ends_with_the_whole()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var generator = Generator(model, new GeneratorOptions());
        var request = new GenerationRequest([5, 6, 7]) { MaxTokens = 60, Stops = ["qqq"] };
        var pieces = new List<GenerationPiece>();
        await foreach (var piece in generator.StreamAsync(request, Cancelled))
        {
            pieces.Add(piece);
        }

        var whole = await generator.GenerateAsync(request, Cancelled);
        Assert.Equal(whole.Text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.Equal(Told(whole), Told(pieces[^1].Whole!));
        Assert.All(pieces.SkipLast(1), piece => Assert.Null(piece.Whole));
        Assert.True(pieces.Count > 10, "it comes in pieces");
    }

    [Fact]
    public async Task The_context_ends_a_generation_and_refuses_a_prompt_that_fills_it()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using var generator = new TokenGenerator(new ManagedDecoder(model, 1), Tokenizer, new GeneratorOptions(), contextTokens: 30);
        var prompt = SmallModels.RandomTokens(new Random(3), 30, 300);

        var error = await Assert.ThrowsAsync<PromptTooLongException>(() => generator.GenerateAsync(new GenerationRequest(prompt), Cancelled));
        Assert.Contains("30 tokens", error.Message, StringComparison.Ordinal);
        var full = await generator.GenerateAsync(new GenerationRequest(prompt[..25]) { StopsAtEnd = false }, Cancelled);
        Assert.Equal((FinishReason.Context, 5), (full.Finish, full.Tokens.Count));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(new GenerationRequest([300]), Cancelled));
    }

    [Fact]
    public async Task Damaged_weights_are_an_error_of_the_request()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        using (TorchSharp.torch.no_grad())
        {
            model.Parameters[^1].Value.fill_(float.NaN);
        }

        using var generator = Generator(model, new GeneratorOptions());
        var error = await Assert.ThrowsAsync<AgenticException>(() => generator.GenerateAsync(new GenerationRequest([1]), Cancelled));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_requests_leave_no_block_and_no_memory_behind()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        var decoder = new ManagedDecoder(model, threads: 1);
        var generator = new TokenGenerator(decoder, Tokenizer, new GeneratorOptions { KeptTokens = 1000 });
        var prompts = Prompts(1000);
        var sizes = new List<long>();
        foreach (var hundred in prompts.Chunk(100))
        {
            await Task.WhenAll(hundred.Select(prompt => generator.GenerateAsync(new GenerationRequest(prompt) { MaxTokens = 4 }, Cancelled)));
            sizes.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        // Every kept sequence of at least one token has at most one block that is not full.
        Assert.InRange(decoder.LiveBlocks, 1, 1000 / 16 + 1000);
        Assert.InRange(sizes[^1] - sizes[2], long.MinValue, 2_000_000);
        generator.Dispose();
        Assert.Equal(0, decoder.LiveBlocks);
    }

    [Fact]
    public async Task Cancelling_at_any_moment_frees_everything_and_disturbs_nobody()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        var decoder = new ManagedDecoder(model, threads: 2);
        var generator = new TokenGenerator(decoder, Tokenizer, new GeneratorOptions { MaxSequences = 8, PromptRows = 20, MaxWaiting = 10 });
        var prompts = Prompts(200);
        var expected = await Generate(model, new GeneratorOptions(), prompts, Warm);

        await Task.WhenAll(prompts.Select(async (prompt, at) =>
        {
            var request = new GenerationRequest(prompt) { MaxTokens = Tokens, Sampling = Warm, Seed = new Seed((ulong)at) };
            if (at % 2 == 0)
            {
                Assert.Equal(Told(expected[at]), Told(await generator.GenerateAsync(request, Cancelled)));
                return;
            }

            // At once, after some pieces of text, or by leaving the enumeration.
            using var cancel = new CancellationTokenSource();
            var pieces = at % 9;
            if (pieces == 0)
            {
                cancel.Cancel();
            }

            try
            {
                await foreach (var piece in generator.StreamAsync(request, cancel.Token))
                {
                    if (--pieces == 0 && at % 4 == 1)
                    {
                        await cancel.CancelAsync();
                    }
                    else if (pieces == 0)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                Assert.True(cancel.IsCancellationRequested);
            }
        }));

        generator.Dispose();
        Assert.Equal(0, decoder.LiveBlocks);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(new GenerationRequest([1]), Cancelled));
    }

    [Fact]
    public async Task Disposal_finishes_what_was_accepted()
    {
        using var model = SmallModels.Create(SmallModels.Options);
        var generator = Generator(model, new GeneratorOptions { MaxSequences = 2 });
        var accepted = Prompts(10).Select(prompt => generator.GenerateAsync(new GenerationRequest(prompt) { MaxTokens = 5, StopsAtEnd = false }, Cancelled)).ToList();

        generator.Dispose();

        Assert.All(await Task.WhenAll(accepted), generation => Assert.Equal(5, generation.Tokens.Count));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Prompts of 1 to 60 tokens; half of them begin with one of four stems.</summary>
    private static List<int[]> Prompts(int count)
    {
        var random = new Random(11);
        var stems = Enumerable.Range(0, 4).Select(_ => SmallModels.RandomTokens(random, 40, 300)).ToList();
        return [.. Enumerable.Range(0, count).Select(at => at % 2 == 0
            ? SmallModels.RandomTokens(random, random.Next(1, 60), 300)
            : [.. stems[at % 4], .. SmallModels.RandomTokens(random, random.Next(1, 20), 300)])];
    }

    private static TokenGenerator Generator(CausalLm model, GeneratorOptions options, int threads = 2) =>
        new(new ManagedDecoder(model, threads), Tokenizer, options);

    private static async Task<Generation[]> Generate(CausalLm model, GeneratorOptions options, List<int[]> prompts, SamplingOptions sampling, int threads = 2)
    {
        using var generator = Generator(model, options, threads);
        return await Task.WhenAll(prompts.Select((prompt, at) =>
            generator.GenerateAsync(new GenerationRequest(prompt) { MaxTokens = Tokens, Sampling = sampling, Seed = new Seed((ulong)at) }, Cancelled)));
    }

    private static List<int> Uncached(ManagedDecoder decoder, int[] prompt, int count, bool stopsAtEnd = true)
    {
        var ids = prompt.ToList();
        var logits = new float[300];
        while (ids.Count < prompt.Length + count)
        {
            using var cache = decoder.NewSequence();
            decoder.Forward([.. ids.Select((id, at) => new DecoderRow(cache, id, at == ids.Count - 1 ? 0 : -1))], logits);
            ids.Add(Array.IndexOf(logits, logits.Max()));
            if (stopsAtEnd && ids[^1] == Tokenizer.EndId)
            {
                break;
            }
        }

        return ids[prompt.Length..];
    }

    private static string Told(Generation generation) =>
        $"{generation.Finish} {string.Join(' ', generation.Tokens.Select(token => FormattableString.Invariant($"{token.Id}:{token.LogProb:R}:{token.Entropy:R}")))} {generation.Text}";
}
