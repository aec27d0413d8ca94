using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>One run of a ledger. Its methods want a transaction around them.</summary>
/// <param name="Sequence">Its number in the file; the highest is the latest.</param>
/// <param name="Configuration">What decides its outcome.</param>
/// <param name="Questions">Its questions in order.</param>
/// <param name="Samples">Attempts a question.</param>
internal sealed record LedgerRun(long Sequence, RunConfiguration Configuration, IReadOnlyList<Question> Questions, int Samples)
{
    private const string QuestionsKey = "questions";
    private const string SamplesKey = "samples";

    /// <summary>How a policy was asked; null when unknown.</summary>
    public string? Header { get; init; }

    /// <summary>The configuration with what the plan adds to it.</summary>
    public static RunConfiguration Whole(RunConfiguration configuration, CollectionPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var question in plan.Questions)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(QuestionJson.Write(question) + "\n"));
        }

        return new RunConfiguration(configuration.Values.Concat(
        [
            KeyValuePair.Create(QuestionsKey, Convert.ToHexStringLower(hash.GetHashAndReset())),
            KeyValuePair.Create(SamplesKey, plan.Samples.ToString(CultureInfo.InvariantCulture)),
        ]));
    }

    public static LedgerRun? Latest(LedgerFile file)
    {
        var runs = file.Query(
            "SELECT seq, configuration, samples, header FROM run ORDER BY seq DESC LIMIT 1",
            row => (Sequence: row.GetInt64(0), Values: row.GetString(1), Samples: row.GetInt32(2), Header: row.IsDBNull(3) ? null : row.GetString(3)));
        if (runs is not [var run])
        {
            return null;
        }

        var questions = file.Query("SELECT json FROM question WHERE run = $run ORDER BY place", row => QuestionJson.Read(row.GetString(0)), ("$run", run.Sequence));
        return new LedgerRun(run.Sequence, new RunConfiguration(JsonSerializer.Deserialize<Dictionary<string, string>>(run.Values)!), questions, run.Samples) { Header = run.Header };
    }

    /// <summary>Writes a run with every attempt planned.</summary>
    public static LedgerRun Begin(LedgerFile file, RunConfiguration configuration, CollectionPlan plan)
    {
        var header = plan.Header?.ToIndentedJson();
        file.Execute(
            "INSERT INTO run(id, configuration, header, samples) VALUES ($id, $configuration, $header, $samples)",
            ("$id", configuration.RunId), ("$configuration", JsonSerializer.Serialize(configuration.Values)), ("$header", header), ("$samples", plan.Samples));
        var run = new LedgerRun(file.Query("SELECT max(seq) FROM run", row => row.GetInt64(0))[0], configuration, plan.Questions, plan.Samples) { Header = header };
        for (var place = 0; place < plan.Questions.Count; place++)
        {
            file.Execute("INSERT INTO question(run, place, json) VALUES ($run, $place, $json)", ("$run", run.Sequence), ("$place", place), ("$json", QuestionJson.Write(plan.Questions[place])));
        }

        file.Execute(
            """
            WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < $count)
            INSERT INTO task(run, ordinal, state) SELECT $run, n, 0 FROM number
            """,
            ("$run", run.Sequence), ("$count", plan.Count));
        return run;
    }

    /// <summary>Begins a run beside an earlier one, with the earlier one's attempts where they would come out the same.</summary>
    public static LedgerRun Fork(LedgerFile file, LedgerRun earlier, RunConfiguration configuration, CollectionPlan plan)
    {
        var run = Begin(file, configuration, plan);
        if (!Deciding(configuration).SequenceEqual(Deciding(earlier.Configuration)))
        {
            return run;
        }

        var places = run.Questions.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index, StringComparer.Ordinal);
        foreach (var (_, state, bytes) in file.Lines(earlier.Sequence).Where(line => line.State == LedgerFile.State.Committed))
        {
            var trajectory = TrajectoryJson.TrajectoryOf(TrajectoryJson.Read(bytes));
            if (places.TryGetValue(trajectory.QuestionId, out var place) && run.Questions[place].Text == trajectory.Question && trajectory.Attempt < run.Samples)
            {
                var ordinal = (place * run.Samples) + trajectory.Attempt;
                run.MarkLeased(file, ordinal);
                run.Commit(file, new CollectedLine(ordinal, StoredLine.Pack(TrajectoryJson.Write(configuration.RunId, configuration.Hash, trajectory)), HasFailed: false, trajectory.Tokens.Total, 0));
            }
        }

        return run;
    }

    public IReadOnlyList<CollectionTask> Lease(LedgerFile file, int count)
    {
        var ordinals = file.Query(
            "SELECT ordinal FROM task WHERE run = $run AND state = 0 ORDER BY ordinal LIMIT $count", row => row.GetInt32(0), ("$run", Sequence), ("$count", count));
        foreach (var ordinal in ordinals)
        {
            MarkLeased(file, ordinal);
        }

        return [.. ordinals.Select(TaskOf)];
    }

    /// <returns>1, or 0 when the attempt is not out.</returns>
    public int Commit(LedgerFile file, CollectedLine made)
    {
        var state = made.HasFailed ? LedgerFile.State.Failed : LedgerFile.State.Committed;
        var changed = file.Execute(
            "UPDATE task SET state = $state, tokens = $tokens, cost = $cost WHERE run = $run AND ordinal = $ordinal AND state = 1",
            ("$state", (int)state), ("$tokens", made.Tokens), ("$cost", made.Cost), ("$run", Sequence), ("$ordinal", made.Ordinal));
        if (changed == 1)
        {
            file.Execute("INSERT INTO line(bytes) VALUES ($bytes)", ("$bytes", made.Line));
            file.Execute("UPDATE task SET line = last_insert_rowid() WHERE run = $run AND ordinal = $ordinal", ("$run", Sequence), ("$ordinal", made.Ordinal));
        }

        return changed;
    }

    public int TakeBack(LedgerFile file) => file.Execute("UPDATE task SET state = 0 WHERE run = $run AND state = 1", ("$run", Sequence));

    public int Retry(LedgerFile file)
    {
        file.Execute("DELETE FROM line WHERE id IN (SELECT line FROM task WHERE run = $run AND state = 3)", ("$run", Sequence));
        return file.Execute("UPDATE task SET state = 0, line = NULL, tokens = 0, cost = 0 WHERE run = $run AND state = 3", ("$run", Sequence));
    }

    public CollectionStatus Status(LedgerFile file) => file.Guarded(() =>
    {
        var counts = file.Query("SELECT state, count(*) FROM task WHERE run = $run GROUP BY state", row => (State: row.GetInt32(0), Count: row.GetInt32(1)), ("$run", Sequence))
            .ToDictionary(row => (LedgerFile.State)row.State, row => row.Count);
        var (tokens, cost) = file.Query("SELECT coalesce(sum(tokens), 0), coalesce(sum(cost), 0.0) FROM task WHERE run = $run", row => (row.GetInt64(0), row.GetDouble(1)), ("$run", Sequence))[0];
        int Of(LedgerFile.State state) => counts.GetValueOrDefault(state);
        return new CollectionStatus(
            Configuration.RunId, Questions.Count, Samples, Of(LedgerFile.State.Planned), Of(LedgerFile.State.Leased), Of(LedgerFile.State.Committed), Of(LedgerFile.State.Failed), tokens, cost);
    });

    private static IEnumerable<KeyValuePair<string, string>> Deciding(RunConfiguration configuration) =>
        configuration.Values.Where(pair => pair.Key is not (QuestionsKey or SamplesKey));

    private void MarkLeased(LedgerFile file, int ordinal) => file.Execute(
        "UPDATE task SET state = 1, tries = tries + 1 WHERE run = $run AND ordinal = $ordinal", ("$run", Sequence), ("$ordinal", ordinal));

    private CollectionTask TaskOf(int ordinal)
    {
        var question = Questions[ordinal / Samples];
        return new CollectionTask(ordinal, new TrajectoryKey(question.Id, ordinal % Samples), question);
    }
}
