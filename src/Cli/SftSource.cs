using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Where the demonstrations of <c>sft build</c> come from: the gold decompositions of a world, or a policy that answers questions.</summary>
internal sealed class SftSource : IDisposable
{
    private readonly IReadOnlyList<Question> _questions;
    private readonly Func<Question, int, CancellationToken, Task<Demonstration?>> _make;
    private readonly IDisposable _index;

    private SftSource(IReadOnlyList<Question> questions, IDisposable index, JsonObject origin, Func<Question, int, CancellationToken, Task<Demonstration?>> make) =>
        (_questions, _index, Origin, _make) = (questions, index, origin, make);

    /// <summary>What the header says of it.</summary>
    public JsonObject Origin { get; }

    /// <summary>From a world; the index is built in memory unless one is named.</summary>
    public static async Task<SftSource> OfWorldAsync(Run run, string folder, string? indexFolder, DemonstrationOptions options)
    {
        var world = await WorldFolder.ReadAsync(folder, run.Cancelled).ConfigureAwait(false);
        var (evidence, index) = indexFolder is null ? await InMemoryAsync(run, world).ConfigureAwait(false) : OnDisk(run, indexFolder);
        var builder = new DemonstrationBuilder(world, evidence, options);
        return new SftSource(world.Questions, index, JsonSerializer.SerializeToNode(options, OptionsJson.Serializer)!.AsObject(), builder.BuildAsync);
    }

    /// <summary>From a policy of the settings over an index.</summary>
    public static SftSource OfTeacher(Run run, string indexFolder, IReadOnlyList<Question> questions, PromptStyle prompt)
    {
        if (questions.FirstOrDefault(question => question.Answers.Count == 0) is { } without)
        {
            throw new UsageException($"--questions: question {without.Id} has no answers, so that nothing tells whether the teacher is right; add \"answers\"");
        }

        var bench = new Workbench(indexFolder, run);
        var loop = bench.Agent();
        return new SftSource(questions, bench, new JsonObject { ["teacher"] = loop.PolicyId }, async (question, attempt, cancellationToken) =>
        {
            var trajectory = await loop.RunAsync(new TrajectoryKey(question.Id, attempt), question.Text, null, cancellationToken).ConfigureAwait(false);
            return TeacherDemonstration.Of(question, trajectory, bench.Settings.Agent.MaxSteps, prompt);
        });
    }

    /// <summary>The demonstrations in the order of the questions; null for one that did not come about.</summary>
    public async IAsyncEnumerable<Demonstration?> MakeAsync(int perQuestion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var question in _questions)
        {
            for (var number = 0; number < perQuestion; number++)
            {
                yield return await _make(question, number, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _index.Dispose();

    private static async Task<(IEvidenceRetriever Evidence, IDisposable Index)> InMemoryAsync(Run run, World world)
    {
        var index = WorldIndex.Of(world, run.Settings.Index.Chunking, await TripletSource.OpenAsync(run.Settings.Triplets, run).ConfigureAwait(false));
        return (index.Snapshot.Evidence(run.Settings.Evidence, run.Settings.Retriever), index);
    }

    private static (IEvidenceRetriever Evidence, IDisposable Index) OnDisk(Run run, string folder)
    {
        var bench = new Workbench(folder, run);
        return (bench.Snapshot.Evidence(run.Settings.Evidence, bench.Retriever()), bench);
    }
}
