using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>The folder of a run, claimed for one process and one configuration: the final model, <c>metrics.jsonl</c>, and checkpoints beneath it.</summary>
internal sealed class TrainingFolder : IDisposable
{
    private const string HeaderName = "run.json";
    private const string MetricsName = "metrics.jsonl";
    private const string CheckpointsName = "checkpoints";

    /// <summary>What a run writes, beside its header and its checkpoints.</summary>
    private static readonly string[] Own =
        [.. ModelFolder.FileNames, MetricsName];

    private readonly FileStream _header;

    private TrainingFolder(string path, RunConfiguration configuration)
    {
        Path = path;
        _header = RunHeader.Claim(At(HeaderName), path, Directory.EnumerateFileSystemEntries(path).Any(), configuration);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    public string Metrics => At(MetricsName);

    public string Checkpoints => At(CheckpointsName);

    /// <summary>True when the final model is there.</summary>
    public bool HasModel => File.Exists(At(HuggingFaceWeights.FileName));

    /// <exception cref="AgenticException">Something else is there, a run of another configuration, or another process.</exception>
    public static TrainingFolder Claim(string path, RunConfiguration configuration)
    {
        if (PathObstacle.ForFolder(path) is { } obstacle)
        {
            throw new AgenticException($"{path} {obstacle}");
        }

        try
        {
            Directory.CreateDirectory(path);
            return new TrainingFolder(path, configuration);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{path} cannot be written: {problem.Message}", problem);
        }
    }

    /// <summary>Removes what a run wrote, and nothing else, so that it can be started over; nothing happens where none is.</summary>
    /// <exception cref="AgenticException">Another process is writing it.</exception>
    public static void Remove(string path)
    {
        var header = System.IO.Path.Combine(path, HeaderName);
        if (!File.Exists(header))
        {
            return;
        }

        try
        {
            using var held = RunHeader.Lock(header);
            AtomicFolder.Remove(System.IO.Path.Combine(path, CheckpointsName));
            foreach (var name in Own.Append(HeaderName))
            {
                File.Delete(System.IO.Path.Combine(path, name));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AgenticException($"{path} cannot be started over: {problem.Message}", problem);
        }
    }

    /// <summary>Puts a model beside the run's own files.</summary>
    public void Publish(Action<string> fill) => ModelFolder.Publish(Path, fill);

    public void Dispose() => _header.Dispose();

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
