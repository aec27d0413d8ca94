using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Trajectories to be scored, with their questions: a collection, or a file of trajectories and one of questions.</summary>
internal sealed class ScoringSource : IDisposable
{
    private readonly Dictionary<string, Question> _questions;
    private readonly CollectionFolder? _collection;
    private readonly string _path;

    private ScoringSource(string path, IReadOnlyList<Question> questions, IEnumerable<Trajectory> trajectories, CollectionFolder? collection)
    {
        (_path, _collection, Trajectories) = (path, collection, trajectories);
        _questions = questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
    }

    /// <summary>In the order of the plan or of the file, read as they are asked for.</summary>
    public IEnumerable<Trajectory> Trajectories { get; }

    /// <summary>How the policy was asked; null when unknown.</summary>
    public DemonstrationHeader? Header => _collection?.Header;

    /// <summary>Attempts of the collection that are still to be made.</summary>
    public int Missing => _collection?.Status is { } status ? status.Planned + status.Leased : 0;

    public static async Task<ScoringSource> OpenAsync(Run run, string path, string? questions)
    {
        if (Directory.Exists(path))
        {
            var collection = CollectionFolder.Open(path);
            return new ScoringSource(path, questions is null ? collection.Questions : await ReadAsync(run, questions).ConfigureAwait(false), collection.Read(), collection);
        }

        return questions is null
            ? throw new UsageException($"--in {path}: a file of trajectories has no answers; name its questions with --questions FILE")
            : new ScoringSource(path, await ReadAsync(run, questions).ConfigureAwait(false), TrajectoryFile.Read(path, warning => run.Note($"warning: {warning}")), null);
    }

    public Question QuestionOf(Trajectory trajectory) => _questions.TryGetValue(trajectory.QuestionId, out var question)
        ? question
        : throw new UsageException($"{_path}: question {trajectory.QuestionId} is not among the questions; name the file it was asked from with --questions");

    public void Dispose() => _collection?.Dispose();

    private static Task<IReadOnlyList<Question>> ReadAsync(Run run, string path) => QuestionFile.ReadAsync(path, run.Cancelled);
}
