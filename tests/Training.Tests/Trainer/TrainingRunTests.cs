using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Training.Tests;

public sealed class TrainingRunTests
{
    [Fact]
    public void An_interrupted_run_goes_on_to_the_same_bits_wherever_it_was_interrupted()
    {
        using var small = new SmallRun();
        var whole = small.Train("whole");

        foreach (var stop in new[] { 1, 4, 7, 13 })
        {
            var before = small.Train($"stopped-{stop}", stop);
            var after = small.Train($"stopped-{stop}");

            Assert.Equal(whole.Select(Measured), before.Concat(after).Select(Measured));
            Assert.Equal(small.Weights("whole"), small.Weights($"stopped-{stop}"));
        }

        Assert.Empty(small.Warnings);
    }

    // As after kill -9: what the disk held between the update at which it was copied and the next checkpoint.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_killed_run_goes_on_to_the_same_bits_from_ten_random_points(bool onPairs)
    {
        using var small = onPairs ? new SmallRun { Items = RandomPairs.Items(pairs: 30, vocabulary: 250, longest: 30), Objective = new DpoNllOptions().Build() } : new SmallRun();
        var random = new Seed(11).Derive("kills").ToRandom();
        var kills = Enumerable.Range(0, 10).Select(kill => (Update: random.Next(1, 14), Name: $"killed-{kill}")).ToList();
        using (var run = small.Open("whole"))
        {
            run.Run(new Copies(kills.Select(kill => (kill.Update, small.Output(kill.Name))), small.Output("whole")), CancellationToken.None);
        }

        foreach (var (_, name) in kills)
        {
            File.Copy(Path.Combine(small.Output("whole"), "run.json"), Path.Combine(small.Output(name), "run.json"));
            File.AppendAllText(Path.Combine(small.Output(name), "metrics.jsonl"), """{"update": 99, "lo""");

            small.Train(name);

            Assert.Equal(small.Weights("whole"), small.Weights(name));
            Assert.Equal(Enumerable.Range(1, 14), Lines(small, name).Select(line => line.GetProperty("update").GetInt32()));
        }
    }

    [Fact]
    public void A_damaged_newest_checkpoint_is_passed_over_with_a_warning()
    {
        using var small = new SmallRun();
        small.Train("whole");
        small.Train("damaged", 10);
        using (var weights = File.OpenWrite(Path.Combine(small.Output("damaged"), "checkpoints", "update-00000010", "model.safetensors")))
        {
            weights.Seek(-1, SeekOrigin.End);
            weights.WriteByte(0x7f);
        }

        var reports = small.Train("damaged");

        Assert.Equal(9, reports[0].Update);
        Assert.Contains("update-00000010 is damaged (model.safetensors", Assert.Single(small.Warnings), StringComparison.Ordinal);
        Assert.Equal(small.Weights("whole"), small.Weights("damaged"));
    }

    [Fact]
    public void A_run_of_another_configuration_is_refused_with_the_difference_and_left_as_it_is()
    {
        using var small = new SmallRun();
        small.Train("run", 5);

        var refused = Assert.Throws<AgenticException>(() => small.Open("run", "other"));

        Assert.Contains("training was same and is other", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, small.Train("run")[0].Update);
    }

    [Fact]
    public void A_folder_with_something_else_in_it_is_refused()
    {
        using var small = new SmallRun();
        Directory.CreateDirectory(small.Output("other"));
        File.WriteAllText(Path.Combine(small.Output("other"), "letter.txt"), "mine");

        Assert.Contains("run.json is missing", Assert.Throws<AgenticException>(() => small.Open("other")).Message, StringComparison.Ordinal);
        TrainingRun.Remove(small.Output("other"));
        Assert.True(File.Exists(Path.Combine(small.Output("other"), "letter.txt")));
    }

    [Fact]
    public void Two_processes_cannot_train_in_one_folder()
    {
        using var small = new SmallRun();
        using var first = small.Open("run");

        Assert.Contains("cannot be written", Assert.Throws<AgenticException>(() => small.Open("run")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_latest_checkpoints_and_the_best_are_kept()
    {
        using var small = new SmallRun { Options = new SmallRun().Options with { Updates = 20, CheckpointUpdates = 2, KeptCheckpoints = 1 } };
        small.Train("run");
        using var run = small.Open("run");

        Assert.Contains("update-00000020", small.Checkpoints("run"));
        Assert.Contains(Path.GetFileName(run.Summary.BestCheckpoint), small.Checkpoints("run"));
        Assert.InRange(small.Checkpoints("run").Length, 1, 2);
        Assert.True(run.IsFinished);
    }

    [Fact]
    public void A_finished_run_is_a_model_folder_and_running_it_again_changes_nothing()
    {
        using var small = new SmallRun();
        small.Train("run");
        var weights = small.Weights("run");

        Assert.Empty(small.Train("run"));

        Assert.Equal(weights, small.Weights("run"));
        var (model, tokenizer) = ModelFolder.Load(small.Output("run"), SmallRun.Compute);
        using (model)
        {
            Assert.Equal(ModelTokenizer.Load(small.Model).Fingerprint, tokenizer.Fingerprint);
        }
    }

    [Fact]
    public void Held_out_rows_are_measured_at_every_checkpoint_and_decide_which_is_best()
    {
        using var small = new SmallRun { HeldOut = RandomRows.Items(rows: 5, vocabulary: 250, shortest: 8, longest: 40, seed: 77) };
        var reports = small.Train("run");

        var measured = reports.Where(report => report.Metrics.ContainsKey("eval_loss")).ToList();
        Assert.Equal([4, 8, 12, 14], measured.Select(report => report.Update));
        var best = measured.MinBy(report => report.Metrics["eval_loss"])!;
        using var run = small.Open("run");
        Assert.EndsWith($"update-{best.Update:D8}", run.Summary.BestCheckpoint, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_break_stop_the_run_and_leave_the_checkpoints()
    {
        using var small = new SmallRun { Options = new SmallRun().Options with { Optimizer = new AdamwOptimizerOptions { LearningRate = 10, WeightDecay = 10 }, MaxGradNorm = 0, CheckpointUpdates = 1, Updates = 200 } };

        var stopped = Assert.Throws<NonFiniteLossException>(() => small.Train("run"));

        Assert.Contains($"update-{stopped.Update - 1:D8}", small.Checkpoints("run"));
        using var again = small.Open("run");
        Assert.Equal(stopped.Update - 1, again.Done);
    }

    // A folder where the checkpoint's folder has to go stands for a disk that takes no more: writing it fails half-way.
    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_ones_before_it()
    {
        using var small = new SmallRun();
        small.Train("whole");
        small.Train("full", 5);
        File.WriteAllText(Path.Combine(small.Output("full"), "checkpoints", "update-00000008.tmp"), "in the way");

        Assert.ThrowsAny<IOException>(() => small.Train("full"));

        Assert.Equal(["update-00000004", "update-00000005"], small.Checkpoints("full"));
        File.Delete(Path.Combine(small.Output("full"), "checkpoints", "update-00000008.tmp"));
        small.Train("full");
        Assert.Equal(small.Weights("whole"), small.Weights("full"));
    }

    [Fact]
    public void The_metrics_carry_the_names_of_TRL()
    {
        using var small = new SmallRun();
        small.Train("run");

        Assert.Equal(
            ["update", "loss", "grad_norm", "learning_rate", "epoch", "num_tokens", "entropy", "mean_token_accuracy", "tokens_per_second", "seconds"],
            Lines(small, "run")[0].EnumerateObject().Select(member => member.Name));
    }

    private static (int, double, double, double, double, long) Measured(UpdateReport report) =>
        (report.Update, report.Loss, report.GradNorm, report.LearningRate, report.Epoch, report.NumTokens);

    private static List<JsonElement> Lines(SmallRun small, string name) =>
        [.. File.ReadLines(Path.Combine(small.Output(name), "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Copies a run's folder at given updates, as a kill at that moment would leave it; without the header, which the run holds.</summary>
    private sealed class Copies(IEnumerable<(int Update, string Target)> wanted, string source) : IProgress<UpdateReport>
    {
        private readonly ILookup<int, string> _targets = wanted.ToLookup(copy => copy.Update, copy => copy.Target);

        public void Report(UpdateReport value)
        {
            foreach (var target in _targets[value.Update])
            {
                foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "run.json"))
                {
                    var place = Path.Combine(target, Path.GetRelativePath(source, file));
                    Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                    using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    using var to = File.Create(place);
                    from.CopyTo(to);
                }
            }
        }
    }
}
