using System.CommandLine;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic model new</c>: a model with starting weights for a vocabulary.</summary>
internal static class ModelNew
{
    public static Command Create(Terminal terminal)
    {
        var defaults = new TransformerOptions();
        var tokenizer = new Option<string>("--tokenizer") { Description = "Folder of the tokenizer; it gives the vocabulary and is copied beside the model.", HelpName = "DIR", Required = true };
        var (hidden, layers, heads) = (Limits.Option("--hidden", "Width of the residual stream.", defaults.HiddenSize), Limits.Option("--layers", "Number of blocks.", defaults.Layers), Limits.Option("--heads", "Query heads.", defaults.Heads));
        var (keyHeads, headSize) = (Limits.Optional("--kv-heads", "Key and value heads; divides --heads (default: as many)."), Limits.Optional("--head-size", "Width of a head (default: hidden / heads)."));
        var intermediate = Limits.Optional("--intermediate", "Width inside the SwiGLU part (default: 8/3 of hidden, in steps of 16).");
        var context = Limits.Option("--context", "Most tokens of a sequence.", defaults.ContextLength);
        var norm = new Option<bool>("--qk-norm") { Description = "Norm each query and key head, as Qwen3 does.", HelpName = "true|false", DefaultValueFactory = _ => defaults.QueryKeyNorm };
        var tied = new Option<bool>("--tied") { Description = "Read the output with the embedding.", HelpName = "true|false", DefaultValueFactory = _ => defaults.TiedEmbeddings };
        var bias = Choice.Of("--bias", "Projections of the attention that have a bias.", defaults.Bias);
        var rope = new Option<double>("--rope-base") { Description = "Base of the rotary frequencies.", HelpName = "X", DefaultValueFactory = _ => defaults.RopeBase };
        var start = Choice.Of("--init", "How the weights start: normal, or with half the heads of the first block looking at the token before, with which small models learn to copy names.", Initialization.PreviousToken);
        var seed = Limits.Seed("The same seed and shape give the same weights.");
        var output = new Option<string>("--out") { Description = "Folder of the new model.", HelpName = "DIR", Required = true };
        return new Command("new", "Makes a model for a vocabulary, with starting weights.")
        {
            tokenizer, hidden, layers, heads, keyHeads, headSize, intermediate, context, norm, tied, bias, rope, start, seed, output,
        }.Runs(terminal, run =>
        {
            var folder = run.Get(output)!;
            ModelFiles.RefuseOccupied(folder);
            var vocabulary = ModelTokenizer.Load(run.Get(tokenizer)!);
            var options = OptionsGuard.Checked(new TransformerOptions
            {
                VocabularySize = vocabulary.VocabularySize,
                HiddenSize = run.Get(hidden),
                IntermediateSize = run.Get(intermediate) ?? Math.Max(16, run.Get(hidden) * 8 / 3 / 16 * 16),
                Layers = run.Get(layers),
                Heads = run.Get(heads),
                KeyValueHeads = run.Get(keyHeads) ?? run.Get(heads),
                HeadSize = run.Get(headSize) ?? Math.Max(1, run.Get(hidden) / run.Get(heads)),
                ContextLength = run.Get(context),
                RopeBase = run.Get(rope),
                TiedEmbeddings = run.Get(tied),
                QueryKeyNorm = run.Get(norm),
                Bias = run.Get(bias),
            });
            using var model = CausalLm.Create(options, run.Get(start), new Seed(run.Get(seed)), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(vocabulary));
            vocabulary.CopyTo(folder);
            model.Save(folder);
            var facts = ModelFiles.Describe(folder);
            run.Report(facts, console => Tables.Pairs(console, facts));
            return ExitCode.Ok;
        });
    }
}
