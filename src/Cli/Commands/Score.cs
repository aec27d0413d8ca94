using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Spectre.Console;

namespace Agentic.Cli;

/// <summary><c>agentic score</c>: gives trajectories their rewards.</summary>
internal static class Score
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string>("--in") { Description = "Folder of a collection, or a file of trajectories with --questions.", HelpName = "DIR|FILE", Required = true };
        var questions = new Option<string?>("--questions") { Description = "Questions of a file of trajectories, with answers and gold evidence.", HelpName = "FILE" };
        var index = new Option<string?>("--index") { Description = "Index the evidence came from, for --similarity relevance and --unit documents.", HelpName = "DIR" };
        var output = new Option<string>("--out") { Description = "File to write, JSON Lines.", HelpName = "FILE", Required = true };
        var command = new Command("score", "Scores trajectories: answer, form, and how far their steps hold the gold evidence, divided by the steps.")
        {
            input, questions, index, output,
            Alias("--rewards", "rewards", "Which parts of the reward count.", typeof(RewardParts)),
            Alias("--outcome", "outcome", "What the value of an answer is.", typeof(OutcomeMeasure)),
            Alias("--unit", "unit", "What a unit of gold evidence is.", typeof(GoldUnit)),
            Alias("--similarity", "similarity", "Where similarity comes from.", typeof(SimilarityKind)),
        };
        return command.Runs(terminal, async run =>
        {
            var options = run.Settings.Scoring;
            var path = run.Get(output)!;
            using var claimed = WholeFile.Claim("--out", path);
            using var source = await ScoringSource.OpenAsync(run, run.Get(input)!, run.Get(questions)).ConfigureAwait(false);
            using var corpus = run.Get(index) is { } folder ? ChunkIndex.Open(folder) : null;
            var judge = options.Outcome == OutcomeMeasure.Judge ? options.Judge.Build(ApiKey.In(run.Terminal.Environment), run.Terminal.Clock) : null;
            var scorer = new TrajectoryScorer(options, MatchOf(options, corpus), DocumentsOf(options, corpus), judge);
            var tally = await WriteAsync(run, source, scorer, Header(source.Header, options), path).ConfigureAwait(false);
            run.Report(tally.Report(), console => Tables.Pairs(console, tally.Report()));
            Warn(run, source, tally);
            return ExitCode.Ok;
        });
    }

    private static AliasOption Alias(string name, string leaf, string description, Type words) => new(name, $"scoring.{leaf}", description, string.Join('|', OptionsShape.EnumNames(words)));

    private static IEvidenceMatch MatchOf(ScoringOptions options, ChunkIndex? corpus) => options.Similarity switch
    {
        SimilarityKind.WordShare => new WordShareMatch(),
        _ when corpus is not null => new RelevanceMatch(LexicalRelevance.Freeze(corpus)),
        _ => throw new UsageException("--similarity relevance: name the index of the evidence with --index DIR"),
    };

    private static Func<string, string?>? DocumentsOf(ScoringOptions options, ChunkIndex? corpus)
    {
        if (corpus is null)
        {
            return options.Unit == GoldUnit.Documents ? throw new UsageException("--unit documents: name the index that holds the gold documents with --index DIR") : null;
        }

        var texts = corpus.Chunks.Select(indexed => indexed.Chunk).ToLookup(chunk => chunk.DocumentId, StringComparer.Ordinal);
        return id => texts.Contains(id) ? string.Join('\n', texts[id].OrderBy(chunk => chunk.Ordinal).Select(chunk => chunk.Text).Prepend(texts[id].First().Title)) : null;
    }

    private static DemonstrationHeader Header(DemonstrationHeader? collected, ScoringOptions options)
    {
        var scoring = JsonSerializer.SerializeToNode(options, OptionsJson.Serializer)!.AsObject();
        scoring.Remove("judge");
        return (collected ?? new DemonstrationHeader()) with { Source = new JsonObject { ["scoring"] = scoring } };
    }

    private static async Task<ScoringTally> WriteAsync(Run run, ScoringSource source, TrajectoryScorer scorer, DemonstrationHeader header, string path)
    {
        var tally = new ScoringTally();
        var writer = await ScoredWriter.CreateAsync(path, header, run.Cancelled).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var trajectory in source.Trajectories)
            {
                if (trajectory.Stop == StopReason.PolicyFailed)
                {
                    tally.LeaveOut();
                    continue;
                }

                var scored = await scorer.ScoreAsync(source.QuestionOf(trajectory), trajectory, run.Cancelled).ConfigureAwait(false);
                tally.Add(scored);
                await writer.WriteAsync(scored, run.Cancelled).ConfigureAwait(false);
            }

            await writer.CommitAsync().ConfigureAwait(false);
        }

        return tally;
    }

    private static void Warn(Run run, ScoringSource source, ScoringTally tally)
    {
        if (source.Missing > 0)
        {
            run.Note($"warning: {source.Missing:N0} attempts of the collection are still to be made; score again when it is complete");
        }

        if (tally.LeftOut > 0)
        {
            run.Note($"{tally.LeftOut:N0} attempts in which the policy could not be asked were left out");
        }

        if (tally.Trajectories == 0)
        {
            run.Note("nothing was scored: the collection holds no attempt yet");
        }
    }
}
