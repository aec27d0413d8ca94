using System.Text.Json.Nodes;

namespace Agentic.TestSupport;

/// <summary>A command that may be killed at any time and run again.</summary>
/// <param name="Name">Its verb.</param>
/// <param name="Prepare">Puts what the command needs into an empty folder.</param>
/// <param name="Arguments">The command line for such a folder.</param>
/// <param name="Target">What it writes, by name in the folder; its digest is compared.</param>
/// <param name="Stage">How far a killed run came, read off a folder and the folder of an undisturbed run.</param>
public sealed record KillScenario(
    string Name, Func<string, CancellationToken, Task> Prepare, Func<string, IReadOnlyList<string>> Arguments, string Target, Func<string, string, string> Stage)
{
    private const string Settings = "index.documentsPerCommit=8";

    /// <summary>Building the index of the project's own corpus, in commits of a few documents.</summary>
    public static KillScenario IndexBuild() => new(
        "index build",
        (_, _) => Task.CompletedTask,
        folder => ["index", "build", "--corpus", Corpus, "--out", Path.Combine(folder, "index"), "--set", Settings],
        "index",
        (killed, finished) => (Commit(killed), Commit(finished)) switch
        {
            (null, _) when !Directory.Exists(Path.Combine(killed, "index")) => "before the first write",
            (null, _) => "before the first commit",
            var (at, end) when at == end => "after the last commit",
            _ => "between commits",
        });

    /// <summary>Replacing every third document of an index and adding <paramref name="added"/> others.</summary>
    public static KillScenario IndexUpdate(int added) => new(
        "index update",
        (folder, cancellationToken) => PrepareUpdateAsync(folder, added, cancellationToken),
        folder => ["index", "update", "--index", Path.Combine(folder, "index"), "--corpus", Path.Combine(folder, "update.jsonl")],
        "index",
        (killed, finished) => Commit(killed) == Commit(finished) ? "after the commit"
            : Files(killed).SetEquals(File.ReadLines(Path.Combine(killed, "files.txt"))) ? "before the first write" : "before the commit");

    /// <summary>Answering the first <paramref name="questions"/> questions over an index, with trajectories.</summary>
    public static KillScenario EvalQa(int questions) => new(
        "eval qa",
        (folder, cancellationToken) => PrepareEvaluationAsync(folder, questions, cancellationToken),
        folder => ["eval", "qa", "--index", Path.Combine(folder, "index"), "--questions", Path.Combine(folder, "questions.jsonl"), "--out", Path.Combine(folder, "trajectories.jsonl")],
        "trajectories.jsonl",
        (killed, _) =>
        {
            var path = Path.Combine(killed, "trajectories.jsonl");
            var lines = File.Exists(path) ? File.ReadAllText(path).Count(c => c == '\n') : -1;
            return lines < 0 ? "before the first write" : lines == 0 ? "before the first trajectory" : lines < questions ? "between trajectories" : "after the last trajectory";
        });

    /// <summary>Collecting three attempts at each of the first <paramref name="questions"/> questions.</summary>
    public static KillScenario Collect(int questions) => new(
        "collect",
        (folder, cancellationToken) => PrepareEvaluationAsync(folder, questions, cancellationToken),
        folder =>
        [
            "collect", "--index", Path.Combine(folder, "index"), "--questions", Path.Combine(folder, "questions.jsonl"), "--samples", "3", "--out", Path.Combine(folder, "collection"),
        ],
        "collection",
        (killed, _) => !File.Exists(Path.Combine(killed, "collection", "collection.db")) ? "before the first write"
            : File.Exists(Path.Combine(killed, "collection", "collection.db-wal")) ? "amid the collection" : "after the last commit");

    /// <summary>Training a small model for <paramref name="updates"/> updates, with a checkpoint every fourth.</summary>
    public static KillScenario TrainSft(int updates) => new(
        "train sft",
        PrepareTrainingAsync,
        folder =>
        [
            "train", "sft", "--model", Path.Combine(folder, "model"), "--data", Path.Combine(folder, "sft.jsonl"), "--out", Path.Combine(folder, "run"), "--optimizer", "muon",
            "--updates", updates.ToString(System.Globalization.CultureInfo.InvariantCulture), "--checkpoint-updates", "4", "--set", "training.tokensPerUpdate=1500", "--set", "training.longRows=truncate",
        ],
        "run",
        (killed, _) => !Directory.Exists(Path.Combine(killed, "run")) ? "before the first write"
            : File.Exists(Path.Combine(killed, "run", "model.safetensors")) ? "after the model"
            : Directory.Exists(Path.Combine(killed, "run", "checkpoints")) ? "between checkpoints" : "before the first checkpoint");

    /// <summary>Training the same model on pairs for <paramref name="updates"/> updates, over a store of reference log-probabilities that is filled on the way.</summary>
    public static KillScenario TrainPref(int updates) => new(
        "train pref",
        PreparePairsAsync,
        folder =>
        [
            "train", "pref", "--model", Path.Combine(folder, "model"), "--data", Path.Combine(folder, "pairs.jsonl"), "--out", Path.Combine(folder, "run"), "--objective", "dpo-nll",
            "--reference-store", Path.Combine(folder, "reference"), "--updates", updates.ToString(System.Globalization.CultureInfo.InvariantCulture), "--checkpoint-updates", "4",
            "--set", "preference.training.tokensPerUpdate=1500", "--set", "preference.training.microBatchTokens=1000", "--set", "preference.training.longRows=drop",
        ],
        "run",
        (killed, _) => !File.Exists(Path.Combine(killed, "reference")) ? "before the reference's store"
            : File.Exists(Path.Combine(killed, "run", "model.safetensors")) ? "after the model"
            : Directory.Exists(Path.Combine(killed, "run", "checkpoints")) ? "between checkpoints" : "while the store is filled, or before the first checkpoint");

    // Of every two demonstrations, one's own work preferred to the other's.
    private static async Task PreparePairsAsync(string folder, CancellationToken cancellationToken)
    {
        await PrepareTrainingAsync(folder, cancellationToken);
        var rows = File.ReadLines(Path.Combine(folder, "sft.jsonl")).Select(line => JsonNode.Parse(line)!).Where(row => row["segments"] is not null).ToList();
        static JsonArray Segments(JsonNode row, bool isPrompt) => [.. row["segments"]!.AsArray().Where(segment => ((string)segment!["author"]! == "prompt") == isPrompt).Select(segment => segment!.DeepClone())];
        await File.WriteAllLinesAsync(Path.Combine(folder, "pairs.jsonl"), rows.Zip(rows.Skip(1), (row, other) => new JsonObject
        {
            ["id"] = (string)row["id"]!, ["prompt"] = Segments(row, isPrompt: true), ["chosen"] = Segments(row, isPrompt: false), ["rejected"] = Segments(other, isPrompt: false),
        }.ToJsonString()), cancellationToken);
    }

    /// <summary>A world, demonstrations, a vocabulary and a model, by the commands that make them.</summary>
    public static async Task PrepareTrainingAsync(string folder, CancellationToken cancellationToken)
    {
        string At(string name) => Path.Combine(folder, name);
        await RunAsync(["world", "generate", "--seed", "5", "--split", "train", "--documents", "30", "--questions", "40", "--out", At("world")], cancellationToken);
        await RunAsync(["sft", "build", "--world", At("world"), "--out", At("sft.jsonl")], cancellationToken);
        await RunAsync(["tokenizer", "train", "--in", At("sft.jsonl"), "--vocabulary", "400", "--out", At("tokenizer")], cancellationToken);
        await RunAsync(["model", "new", "--tokenizer", At("tokenizer"), "--hidden", "32", "--layers", "2", "--heads", "2", "--context", "512", "--seed", "1", "--out", At("model")], cancellationToken);
        Directory.Delete(At("world"), recursive: true);
        Directory.Delete(At("tokenizer"), recursive: true);
    }

    private static string Corpus => Path.Combine(BundledCorpus.Folder, "corpus.jsonl");

    private static async Task PrepareUpdateAsync(string folder, int added, CancellationToken cancellationToken)
    {
        await BuildAsync(folder, cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(folder, "files.txt"), Files(folder), cancellationToken);
        var documents = BundledCorpus.Documents.Where((_, number) => number % 3 == 0).Select(document => document with { Text = document.Text + " It was visited by Ida Moran in 1931." })
            .Concat(Enumerable.Range(0, added).Select(number => new BundledCorpus.DocumentRow($"new-{number}", $"Station {number}", $"Station {number} was opened by Ida Moran in {1900 + number}.")));
        await File.WriteAllLinesAsync(Path.Combine(folder, "update.jsonl"), documents.Select(document => $$"""{"id": "{{document.Id}}", "title": {{Quoted(document.Title)}}, "text": {{Quoted(document.Text)}}}"""), cancellationToken);
    }

    private static async Task PrepareEvaluationAsync(string folder, int questions, CancellationToken cancellationToken)
    {
        await BuildAsync(folder, cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(folder, "questions.jsonl"), File.ReadLines(Path.Combine(BundledCorpus.Folder, "questions.jsonl")).Take(questions), cancellationToken);
    }

    private static Task BuildAsync(string folder, CancellationToken cancellationToken) => RunAsync(IndexBuild().Arguments(folder), cancellationToken);

    private static async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var outcome = await AgenticProcess.RunAsync(arguments, cancellationToken);
        if (outcome.Code != 0)
        {
            throw new InvalidOperationException($"{arguments[0]} {arguments[1]} ended with {outcome.Code}: {outcome.Error}");
        }
    }

    /// <summary>Name of the last commit of the folder's index; null when there is none.</summary>
    private static string? Commit(string folder) => Files(folder).Where(file => file.StartsWith("segments_", StringComparison.Ordinal))
        .MaxBy(name => name.Length * 100 + name[^1]);

    private static HashSet<string> Files(string folder)
    {
        var index = Path.Combine(folder, "index", "lucene");
        return Directory.Exists(index) ? [.. Directory.EnumerateFiles(index).Select(file => Path.GetFileName(file))] : [];
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
