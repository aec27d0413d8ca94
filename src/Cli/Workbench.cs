using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Puts the libraries together over one index, as the settings say.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly Run _run;
    private readonly Lazy<GraphSnapshot> _snapshot;
    private IDisposable? _policy;

    public Workbench(string indexFolder, Run run)
        : this(indexFolder, run, run.Settings)
    {
    }

    /// <summary>With settings of its own; they are checked before anything is read.</summary>
    public Workbench(string indexFolder, Run run, Settings settings)
    {
        Settings = settings;
        _run = run;
        Index = ChunkIndex.Open(indexFolder);
        _snapshot = new Lazy<GraphSnapshot>(() => GraphSnapshot.Freeze(Index));
    }

    public Settings Settings { get; }

    public ChunkIndex Index { get; }

    public GraphSnapshot Snapshot => _snapshot.Value;

    public IRetriever Retriever() => Retriever(Settings.Retriever);

    /// <summary>A retriever over this index, which shares its snapshot where it needs one.</summary>
    public IRetriever Retriever(RetrieverOptions options) => options is TearagRetrieverOptions tearag ? tearag.Build(Snapshot) : options.Build(Index);

    /// <summary>The agent over this index; <paramref name="control"/> may replace its evidence.</summary>
    public AgentLoop Agent(Func<IEvidenceRetriever, IEvidenceRetriever>? control = null) => Agent(Settings.Evidence, control);

    /// <summary>The agent with evidence selected in another way than the settings say.</summary>
    public AgentLoop Agent(TeaRagOptions selection, Func<IEvidenceRetriever, IEvidenceRetriever>? control = null)
    {
        var evidence = Snapshot.Evidence(selection, Retriever());
        var policy = Settings.Policy.Build(new PolicyResources(Snapshot.Linker)
        {
            ApiKey = ApiKey.In(_run.Terminal.Environment),
            Time = _run.Terminal.Clock,
        });
        _policy?.Dispose();
        _policy = policy as IDisposable;
        return Settings.Agent.Build(policy, control is null ? evidence : control(evidence), _run.Terminal.Clock);
    }

    public void Dispose()
    {
        _policy?.Dispose();
        Index.Dispose();
    }
}
