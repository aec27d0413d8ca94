using System.CommandLine;
using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic tokenizer train</c>: a vocabulary for a model of our own.</summary>
internal static class TokenizerTrain
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--in") { Description = "What to train on: a corpus of any kind 'index build' reads, or a file of 'sft build'.", HelpName = "PATH", Required = true };
        var vocabulary = Limits.Option("--vocabulary", "Most tokens, the end of text and the 256 bytes included.", new BpeTrainerOptions().VocabularySize);
        var output = new Option<string>("--out") { Description = "Folder to write tokenizer.json and tokenizer_config.json to.", HelpName = "DIR", Required = true };
        return new Command("train", "Trains a byte-level BPE vocabulary.") { input, vocabulary, output }.Runs(terminal, async run =>
        {
            var folder = run.Get(output)!;
            var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = run.Get(vocabulary) });
            RefuseOccupied(folder);
            var texts = 0;
            await foreach (var text in Texts(run.Get(input)!, run.Cancelled).ConfigureAwait(false))
            {
                run.Cancelled.ThrowIfCancellationRequested();
                trainer.Add(text);
                texts++;
            }

            var tokenizer = trainer.Write(folder);
            var facts = new { Path = folder, Tokens = tokenizer.VocabularySize, Texts = texts, tokenizer.Fingerprint };
            run.Report(facts, console => Tables.Pairs(console, facts));
            return ExitCode.Ok;
        });
    }

    private static void RefuseOccupied(string folder)
    {
        if (PathObstacle.ForFolder(folder) is { } obstacle)
        {
            throw new UsageException($"--out {folder}: {obstacle}");
        }

        if (File.Exists(Path.Combine(folder, "tokenizer.json")))
        {
            throw new UsageException($"--out {folder}: holds a tokenizer already; name another folder, or remove that one");
        }
    }

    // Segments one by one: they are encoded one by one too.
    private static async IAsyncEnumerable<string> Texts(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await DemonstrationFile.IsOneAsync(path, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var demonstration in DemonstrationFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
            {
                foreach (var segment in demonstration.Segments)
                {
                    yield return segment.Text;
                }
            }

            yield break;
        }

        await foreach (var document in CorpusReader.Open(path).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return document.Title;
            yield return document.Text;
        }
    }
}
