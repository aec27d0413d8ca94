using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Asks the policy of every checkpoint the same questions; a line each in <c>evaluations.jsonl</c>, and none twice when a run goes on.</summary>
internal sealed class CheckpointEvaluation
{
    private const string FileName = "evaluations.jsonl";

    private readonly Run _run;
    private readonly string _index;
    private readonly IReadOnlyList<Question> _questions;
    private readonly string _path;

    private CheckpointEvaluation(Run run, string index, IReadOnlyList<Question> questions, string path) => (_run, _index, _questions, _path) = (run, index, questions, path);

    /// <summary>Reads the questions and looks at the index, before anything is trained.</summary>
    /// <param name="startOver">Forget what was measured in a run that is started over.</param>
    public static async Task<CheckpointEvaluation> OpenAsync(Run run, string index, string questions, string output, bool startOver)
    {
        ChunkIndex.Open(index).Dispose();
        if (startOver)
        {
            File.Delete(Path.Combine(output, FileName));
        }

        return new CheckpointEvaluation(run, index, await QuestionFile.ReadAsync(questions, run.Cancelled).ConfigureAwait(false), Path.Combine(output, FileName));
    }

    /// <summary>Measures the policy after <paramref name="update"/> updates, unless it was.</summary>
    /// <param name="update">0 for the model the run starts from.</param>
    /// <param name="start">That model.</param>
    /// <param name="checkpoint">The newest checkpoint, which is that of the update when it is not 0.</param>
    public async Task MeasureAsync(int update, string start, string? checkpoint)
    {
        var lines = Known(update);
        if (lines.ContainsKey(update))
        {
            return;
        }

        using var bench = new Workbench(_index, _run, _run.SettingsFor(update == 0 ? start : checkpoint!));
        var result = await bench.Settings.Evaluation.Build(bench.Agent()).RunAsync(_questions, null, null, _run.Cancelled).ConfigureAwait(false);
        var report = result.Report;
        var line = new JsonObject
        {
            ["update"] = update, ["questions"] = report.Questions, ["em"] = report.Em, ["f1"] = report.F1, ["steps"] = report.Steps, ["total_tokens"] = report.TotalTokens,
        };
        lines.Add(update, line.ToJsonString());
        await File.WriteAllTextAsync(_path + ".tmp", string.Join("", lines.Values.Select(text => text + "\n")), Encoding.UTF8, _run.Cancelled).ConfigureAwait(false);
        File.Move(_path + ".tmp", _path, overwrite: true);
        _run.Note(FormattableString.Invariant($"after update {update:N0}: em {report.Em:0.000}, f1 {report.F1:0.000}, {report.Steps:0.00} steps, {report.TotalTokens:N0} tokens"));
    }

    /// <summary>What is on file, up to <paramref name="update"/>: a run that went back to an older checkpoint measures the rest again.</summary>
    private SortedDictionary<int, string> Known(int update)
    {
        var lines = new SortedDictionary<int, string>();
        foreach (var (line, text) in (File.Exists(_path) ? File.ReadAllLines(_path) : []).Index())
        {
            try
            {
                using var parsed = JsonDocument.Parse(text);
                if (parsed.RootElement.GetProperty("update").GetInt32() is var number && number <= update)
                {
                    lines[number] = text;
                }
            }
            catch (Exception damage) when (damage is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new InputFormatException(_path, line + 1, "is not the line of an evaluation; remove the file, and the checkpoints to come are measured again", damage);
            }
        }

        return lines;
    }
}
