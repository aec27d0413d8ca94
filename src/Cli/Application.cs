using System.CommandLine;

namespace Agentic.Cli;

/// <summary>The command line: its verbs, its parsing, and the exit code of a run.</summary>
internal static class Application
{
    /// <summary>Runs one command line and returns its exit code; nothing is thrown.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            // Response files are off: a question that begins with @ is a question.
            var typed = Root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (typed.Errors.Count > 0)
            {
                return UsageErrors.Report(typed, terminal.Error);
            }

            return await typed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The one place where every exception becomes an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Failures.Report(exception, terminal.Error);
        }
    }

    /// <summary>The tree of commands.</summary>
    public static RootCommand Root(Terminal terminal) => new("Agentic retrieval: index documents, build their graph of triplets, answer questions step by step, measure it.")
    {
        CommonOptions.Config,
        CommonOptions.Set,
        CommonOptions.Json,
        Quickstart.Create(terminal),
        new Command("index", "Builds, changes and describes an index.")
        {
            IndexBuild.Create(terminal),
            IndexUpdate.Create(terminal),
            IndexDelete.Create(terminal),
            IndexStats.Create(terminal),
        },
        Retrieve.Create(terminal),
        new Command("graph", "The graph of triplets, and Personalized PageRank.")
        {
            GraphPpr.Create(terminal),
            GraphStats.Create(terminal),
            GraphExport.Create(terminal),
        },
        Ask.Create(terminal),
        new Command("eval", "Measures retrieval and question answering.")
        {
            EvalRetrieval.Create(terminal),
            EvalQa.Create(terminal),
        },
        new Command("trace", "Looks at trajectories.")
        {
            TraceShow.Create(terminal),
        },
        new Command("world", "Fictional worlds to train and test on.")
        {
            WorldGenerate.Create(terminal),
            WorldStats.Create(terminal),
        },
        new Command("tokenizer", "Vocabularies of our own.")
        {
            TokenizerTrain.Create(terminal),
        },
        Tokenize.Create(terminal),
        new Command("model", "Models of our own.")
        {
            ModelNew.Create(terminal),
            ModelShow.Create(terminal),
            ModelConvert.Create(terminal),
        },
        Generate.Create(terminal),
        new Command("sft", "Demonstrations for supervised training.")
        {
            SftBuild.Create(terminal),
            SftShowMask.Create(terminal),
        },
        new Command("pairs", "Preference pairs to train with.")
        {
            PairsBuild.Create(terminal),
            PairsStats.Create(terminal),
            PairsShowMask.Create(terminal),
            PairsConvert.Create(terminal),
            PairsValidate.Create(terminal),
        },
        new Command("train", "Trains models.")
        {
            TrainSft.Create(terminal),
            TrainPref.Create(terminal),
        },
        Collect.Create(terminal),
        Score.Create(terminal),
        new Command("objectives", "What a model can be trained for.")
        {
            ObjectivesList.Create(terminal),
            ObjectivesCheck.Create(terminal),
        },
        new Command("recipe", "Whole courses of work under one name.")
        {
            RecipeVerbs.List(terminal),
            RecipeVerbs.Show(terminal),
            RecipeVerbs.Run(terminal),
        },
        Digest.Create(terminal),
        new Command("config", "Shows and checks the configuration.")
        {
            ConfigSchema.Create(terminal),
            ConfigShow.Create(terminal),
            ConfigValidate.Create(terminal),
        },
        Doctor.Create(terminal),
    };
}
