using System.CommandLine;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic generate</c>: goes on with a text.</summary>
internal static class Generate
{
    public static Command Create(Terminal terminal)
    {
        var (model, sampling) = (ModelOption.Required(), new SamplingOptions());
        var prompt = new Option<string>("--prompt") { Description = "The text to go on with.", HelpName = "P", Required = true };
        var maxTokens = Limits.Option("--max-tokens", "Most tokens to generate.", new GenerationRequest([0]).MaxTokens);
        var temperature = Number("--temperature", "Divides the logits; 0 takes the most likely token.", sampling.Temperature);
        var topK = new Option<int>("--top-k") { Description = "Keep the K most likely tokens; 0 keeps all.", HelpName = "K", DefaultValueFactory = _ => sampling.TopK };
        var topP = Number("--top-p", "Keep the most likely tokens whose shares reach P.", sampling.TopP);
        var minP = Number("--min-p", "Keep tokens with at least this part of the best one's share.", sampling.MinP);
        var seed = Limits.Seed("Decides what is drawn.");
        return new Command("generate", "Goes on with a text.") { model, prompt, maxTokens, temperature, topK, topP, minP, seed }.Runs(terminal, async run =>
        {
            using var local = LocalModel.Load(run.Get(model)!, new GeneratorOptions { MaxSequences = 1, KeptTokens = 0 });
            var request = new GenerationRequest(Prompt(local.Tokenizer, run.Get(prompt)!))
            {
                MaxTokens = run.Get(maxTokens),
                Sampling = new SamplingOptions { Temperature = run.Get(temperature), TopK = run.Get(topK), TopP = run.Get(topP), MinP = run.Get(minP) },
                Seed = new Seed(run.Get(seed)),
            };
            await foreach (var piece in local.Generator.StreamAsync(request, run.Cancelled).ConfigureAwait(false))
            {
                if (piece.Whole is { } whole)
                {
                    run.Report(Report(request, whole), _ => run.Terminal.Out.WriteLine());
                }
                else if (!run.IsJson)
                {
                    await run.Terminal.Out.WriteAsync(piece.Text).ConfigureAwait(false);
                    await run.Terminal.Out.FlushAsync(run.Cancelled).ConfigureAwait(false);
                }
            }

            return ExitCode.Ok;
        });
    }

    private static Option<double> Number(string name, string description, double defaultValue) =>
        new(name) { Description = description, HelpName = "X", DefaultValueFactory = _ => defaultValue };

    private static int[] Prompt(ModelTokenizer tokenizer, string text)
    {
        int[] ids = [.. tokenizer.BosId is { } bos ? [bos] : Array.Empty<int>(), .. tokenizer.Encode(text)];
        return ids.Length > 0 ? ids : throw new UsageException("--prompt is empty, and this model has no token that opens a text; write a prompt");
    }

    private static object Report(GenerationRequest request, Generation whole) => new
    {
        whole.Text,
        Ids = whole.Tokens.Select(token => token.Id),
        Logprobs = whole.Tokens.Select(token => token.LogProb),
        Finish = whole.Finish switch { FinishReason.End => "end", FinishReason.Context => "context", _ => "max_tokens" },
        PromptTokens = request.Prompt.Count,
    };
}
